"""The verbs, put together, and the one place where a failure becomes a message and an exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated, NoReturn

import typer

from threonate.cli import audit, claims, compare, evidence, export, library, reference, simulate, study, version, web
from threonate.cli.failure import INTERRUPTED, report_failure, report_interrupt
from threonate.cli.options import JsonFlag, OutFolder, PanelCommand, QuietFlag, RunOptions

app = typer.Typer(
    name="threonate",
    help="Magnesium L-threonate in the body: from a capsule to plasma, urine and brain. "
    "Without a verb: the reference regimen, compared with citrate, oxide and glycinate. "
    "Research and education, not medical advice.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    out: OutFolder = None,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    subjects: Annotated[str | None, typer.Option(metavar="N", help="Number of subjects of the reference run.")] = None,
    seed: Annotated[str | None, typer.Option(metavar="N", help="Seed of the reference run.")] = None,
) -> None:
    """Run the reference regimen when no verb is given."""
    if context.invoked_subcommand is None:
        given = {name: value for name, value in (("subjects", subjects), ("seed", seed)) if value is not None}
        reference.run_reference(RunOptions(given, None, out, as_json, quiet))
    elif as_json or quiet or out is not None or subjects is not None or seed is not None:
        from threonate.errors import ScenarioError

        raise ScenarioError(f"Options belong after the verb, as in: threonate {context.invoked_subcommand} ... --json.")


app.command("simulate", cls=PanelCommand)(simulate.simulate)
app.command("compare", cls=PanelCommand)(compare.compare)
app.add_typer(study.verbs, name="study")
app.command("audit")(audit.audit)
app.add_typer(claims.verbs, name="claims")
app.add_typer(evidence.verbs, name="evidence")
app.add_typer(library.verbs, name="library")
app.add_typer(export.verbs, name="export")
app.command("web")(web.web)
app.command("version")(version.version)


def run_words(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 ok, 1 run failed, 2 bad input, 130 interrupted.

    arguments    words after the program name; those of this process when None

    >>> run_words(["version"])  # doctest: +ELLIPSIS
    threonate ...
    0
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in words
    try:
        code = app(args=words, prog_name="threonate", standalone_mode=False)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:
        return report_failure(error, as_json=as_json)
    if code == INTERRUPTED:
        report_interrupt(as_json=as_json)
    return code if isinstance(code, int) else 0


def main() -> NoReturn:
    """The command line of this process; ends it with the exit code."""
    sys.exit(run_words())
