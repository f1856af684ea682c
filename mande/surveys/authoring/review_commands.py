"""`mande translations`: which translations nobody has reviewed yet, as a list that a reviewer works through."""

from collections import Counter
from pathlib import Path

import click

from mande import clock
from mande import languages
from mande.surveys.authoring import review


@click.group()
def translations() -> None:
    """List the translations that await review, and take reviewed lists back.

    French, Spanish and Arabic were written by people and machines whose language they are not.
    """


@translations.command()
def state() -> None:
    """Count what has been reviewed and what has not, by language."""
    ticked, total, done = review.ticks(), Counter[str](), Counter[str]()
    for entry in review.entries():
        total[entry.language] += 1
        done[entry.language] += (entry.language, entry.digest) in ticked
    for language in sorted(total):
        name = languages.own_name(language)
        click.echo(f"{language}  {name}: {done[language]} of {total[language]} texts reviewed.")


@translations.command("list")
@click.option("--language", "only", help="Only this language, as in fr.")
@click.option("--all", "everything", is_flag=True, help="Also what has been reviewed.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file to write, instead of printing.")
def list_(only: str | None, everything: bool, out: Path | None) -> None:
    """Write the translations that await review as CSV, for any spreadsheet program.

    A reviewer corrects the column "translation" where it is wrong, and writes a name into "reviewed_by".
    """
    ticked = review.ticks()
    wanted = [entry for entry in review.entries() if only in (None, entry.language)]
    found = [entry for entry in wanted if everything or (entry.language, entry.digest) not in ticked]
    content = review.listed(found, ticked)
    if out is None:
        click.echo(content, nl=False)
    else:
        out.write_text(content, encoding="utf-8-sig", newline="")
        click.echo(f"{len(found)} translations are in {out}.")


@translations.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def reviewed(file: Path) -> None:
    """Take a list back: tick off what carries a name in "reviewed_by", and put corrections into the catalogues.

    Corrections of questionnaires are named, to be made in their files; the tick is kept for the corrected words.
    """
    try:
        rows = review.read(file.read_text(encoding="utf-8-sig"))
    except (review.ListError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file} cannot be read: {error}") from error
    outcome = review.compared(review.entries(), rows, clock.today("UTC").isoformat())
    for language in dict.fromkeys(entry.language for entry, _words in outcome.corrected):
        review.correct(language, [pair for pair in outcome.corrected if pair[0].language == language])
    review.keep(review.ticks() | outcome.ticks)
    click.echo(
        f"{len(outcome.ticks)} translations are ticked off, {len(outcome.corrected)} of the interface corrected."
    )
    for name, language in review.finished(review.entries(), review.ticks()):
        click.echo(f"All of {name} is reviewed in {language}: take it out of machine_made there.")
    for entry, words in outcome.elsewhere:
        click.echo(f"To be corrected by hand, {entry.language} in {entry.place}: {words}")
    for row in outcome.refused:
        click.echo(f"Not taken, {row['language']} in {row['place']}: what is filled in, such as %(name)s, must stay: "
                   f"{row['translation']}")  # fmt: skip
    for row in outcome.unknown:
        click.echo(f"No longer there, {row['language']} in {row['place']}: {row['text']}")
