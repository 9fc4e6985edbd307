"""Write the templates of documents that are shipped: `python -m scripts.documents`.

They are ordinary Word documents that an office may edit; this program only makes the ones it starts from.
"""

from __future__ import annotations

from pathlib import Path

from scripts.documents import grassroots, setting, vetting

FOLDER = Path(__file__).resolve().parents[2] / "src" / "fourgates" / "papers" / "templates" / "documents"
TEMPLATES = {**setting.TEMPLATES, **grassroots.TEMPLATES, **vetting.TEMPLATES}


def contents() -> dict[str, bytes]:
    """Every template by the name of its file."""
    return {f"{key}.docx": make().content() for key, make in TEMPLATES.items()}


def main() -> None:
    """Write every template that has changed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in contents().items():
        path = FOLDER / name
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
            print(f"wrote {name}")


if __name__ == "__main__":
    main()
