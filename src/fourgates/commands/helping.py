"""Help in the language of the reader (帮助): what commands and options say of themselves is translated when it is shown."""

from __future__ import annotations

import re

import click
from rich.cells import cell_len

from fourgates.i18n import _, mark

WIDEST = 100
PIECES = re.compile(r"\s*(?:[!-~]+|\S)[，。；：、）”》]*")
# What click itself says, with its Chinese.
OURS = {
    "Show this message and exit.": mark("显示这些说明"),
    "Show the version and exit.": mark("显示版本"),
    "required": mark("必填"),
    "default": mark("默认"),
}


def folded(text: str, width: int) -> list[str]:
    """``text`` in lines no wider than ``width`` columns of a terminal, where a Chinese character takes two.

    A line may end behind any Chinese character or Latin word, never before a mark that closes something.
    """
    lines = [""]
    for piece in PIECES.findall(text):
        if cell_len(lines[-1] + piece) > width and lines[-1]:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return lines


def spoken(command: click.Command) -> str:
    """The help of a command in the language spoken now."""
    return _(command.help) if command.help else ""


class Command(click.Command):
    """A command whose help is written in Chinese and translated when it is shown."""

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first sentence of the help."""
        del limit  # a sentence cut in the middle helps nobody
        return spoken(self).partition("\n")[0]

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """How the command is called."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        usage = _("用法：{command}").format(command=f"{ctx.command_path} {pieces}")
        formatter.write(usage + "\n")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the command does, a paragraph a line of the text."""
        del ctx
        for paragraph in spoken(self).splitlines():
            formatter.write("\n")
            for line in folded(paragraph, formatter.width - 2):
                formatter.write(f"  {line}\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Every option with what it is for."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        shown = [option.get_help_record(ctx) for option in options]
        said = {option.help: _(option.help) for option in options if option.help}
        said |= {theirs: _(ours) for theirs, ours in OURS.items()}
        rows = []
        for name, text in filter(None, shown):
            for before, after in said.items():
                text = text.replace(before, after)
            rows.append((name, text))
        listed(formatter, _("选项："), rows)


class Group(Command, click.Group):
    """Commands under one noun."""

    command_class = Command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The options, then the commands."""
        super().format_options(ctx, formatter)
        rows = [(name, one.get_short_help_str()) for name, one in self.commands.items() if not one.hidden]
        listed(formatter, _("命令："), rows)


def listed(formatter: click.HelpFormatter, title: str, rows: list[tuple[str, str]]) -> None:
    """A table of two columns under its title."""
    wide = max(cell_len(name) for name, _text in rows) + 2
    formatter.write(f"\n{title}\n")
    for name, text in rows:
        first, *more = folded(text, formatter.width - wide - 2)
        formatter.write(f"  {name}{' ' * (wide - cell_len(name))}{first}\n")
        for line in more:
            formatter.write(f"  {' ' * wide}{line}\n")
