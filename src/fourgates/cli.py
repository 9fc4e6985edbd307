"""The terminal (命令行): works on county folders and records, needs neither site nor network."""

from __future__ import annotations

import os

import click

from fourgates import i18n
from fourgates.commands import (
    box,
    bundle,
    checkpoint,
    comparing,
    erasing,
    export,
    forms,
    helping,
    imports,
    keys,
    names,
    papers,
    receipt,
    receiving,
    record,
    rehearse,
    run,
    serve,
    simulate,
    site,
    slate,
    store,
    witness,
)
from fourgates.i18n import mark


class Door(helping.Group):
    """The command all others are under: it chooses the language before anything is read or said."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Speak as the environment wishes, until ``--lang`` says otherwise."""
        i18n.use(i18n.choose(*map(os.environ.get, ("FOURGATES_LANG", "LC_ALL", "LANG"))))
        return super().parse_args(ctx, args)


def speak(_context: click.Context, _option: click.Parameter, lang: i18n.Language | None) -> None:
    """Speak ``lang`` from here on, where it was asked for."""
    if lang is not None:
        i18n.use(lang)


@click.group(
    "fourgates",
    cls=Door,
    help=mark("四关 Fourgates：代表推选从工作方案到建议名单，全程纪实，谁都可以逐条重算。"),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": helping.WIDEST},
)
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    is_eager=True,
    expose_value=False,
    callback=speak,
    help=mark("语言 / language（默认看 FOURGATES_LANG，再看系统的语言设置）"),
)
@click.version_option(package_name="fourgates")
def main() -> None:
    """四关 Fourgates: run a selection of delegates from the plan to the proposed list, on a record anyone can check."""


for command in (
    run.run,
    record.verify,
    record.figures,
    record.log,
    record.why,
    erasing.erase,
    erasing.retention,
    bundle.bundle,
    comparing.diff,
    export.export,
    receiving.receive,
    receiving.levels,
    names.names,
    papers.papers,
    forms.forms,
    imports.imports,
    box.box,
    slate.slate,
    store.store,
    store.backup,
    store.restore,
    simulate.simulate,
    simulate.demo,
    rehearse.rehearse,
    serve.serve,
    site.site,
    keys.keys,
    checkpoint.checkpoint,
    witness.witness,
    receipt.receipt,
):
    main.add_command(command)
