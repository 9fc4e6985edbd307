"""The terminal (命令行): works on county folders and records, needs neither site nor network."""

from __future__ import annotations

import os

import click

from fourgates import i18n
from fourgates.commands import forms, imports, names, record, run, simulate


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--lang",
    type=click.Choice(["zh", "en"]),
    help="语言 / language (default: FOURGATES_LANG, then the locale).",
)
@click.version_option(package_name="fourgates")
def main(lang: str | None) -> None:
    """四关 Fourgates: run a selection of delegates from the plan to the certified list, on a record anyone can check."""
    i18n.use(
        i18n.choose(lang, os.environ.get("FOURGATES_LANG"), os.environ.get("LC_ALL"), os.environ.get("LANG"))
    )


for command in (
    run.run,
    record.verify,
    record.figures,
    record.log,
    record.why,
    names.names,
    forms.forms,
    imports.imports,
    simulate.simulate,
    simulate.demo,
):
    main.add_command(command)
