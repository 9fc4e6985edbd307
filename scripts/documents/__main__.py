"""Write the templates of documents that are shipped, and the page on them: `python -m scripts.documents`.

They are ordinary Word documents that an office may edit; this program only makes the ones it starts from.
"""

from __future__ import annotations

from pathlib import Path

from scripts.documents import grassroots, page, setting, vetting

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "papers.md"
FOLDER = ROOT / "src" / "fourgates" / "papers" / "templates" / "documents"
TEMPLATES = {**setting.TEMPLATES, **grassroots.TEMPLATES, **vetting.TEMPLATES}


def contents() -> dict[str, bytes]:
    """Every template by the name of its file."""
    return {f"{key}.docx": make().content() for key, make in TEMPLATES.items()}


def main() -> None:
    """Write every template that has changed, and the page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = {FOLDER / name: content for name, content in contents().items()} | {PAGE: page.page().encode()}
    for path, content in made.items():
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
            print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
