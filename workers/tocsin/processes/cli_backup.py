"""`tocsin backup`: a copy of the data directory that `tocsin run` can be started with."""

import json
from pathlib import Path
from typing import Annotated

import typer

from tocsin.core.text import counted
from tocsin.processes.options import AsJson, DataDir


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(rich_help_panel="Health")(backup)


def backup(
    target: Annotated[Path, typer.Argument(help="A new or empty folder for the copy.", metavar="DIR")],
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> None:
    """Copy the embedded server's data and the archive, running or not. Restore: `tocsin run --data-dir DIR`."""
    import time

    from tocsin.adapters.backup import back_up
    from tocsin.errors import SettingsError
    from tocsin.processes.wiring import settings_of

    settings = settings_of(data_dir=data_dir)
    if settings.redis_url is not None:
        raise SettingsError(
            "TOCSIN_REDIS_URL is set, so the rows are in that server: back it up by its own means and copy "
            f"'{settings.data_dir / 'archive'}', or unset it to copy the data directory"
        )
    began = time.monotonic()

    def say(path: Path) -> None:
        if not as_json:
            typer.echo(f"copied {path.relative_to(target)}, {_size(path.stat().st_size)}")

    files = back_up(settings.data_dir, target, copied=say)
    total = sum(path.stat().st_size for path in files)
    if as_json:
        found = {
            "from": str(settings.data_dir),
            "to": str(target.resolve()),
            "files": [str(path.relative_to(target)) for path in files],
            "bytes": total,
        }
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    typer.echo(f"{counted(len(files), 'file')}, {_size(total)} in {time.monotonic() - began:.1f} s")
    typer.echo(f"restore with `tocsin run --data-dir {target}`, or put the folder in place of {settings.data_dir}")


def _size(number: int) -> str:
    return f"{number / 2**20:.1f} MiB" if number >= 1 << 20 else f"{number / 2**10:.1f} KiB"
