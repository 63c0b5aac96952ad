"""The table of settings in docs/operations.md, made from `Settings`, so that it cannot say anything else."""

from typing import Any, Literal, get_args, get_origin

from annotated_types import Ge, Le

from tocsin.adapters.settings import _SECRETS, Settings

BEGIN = "<!-- settings: made by `make golden` from the code -->\n"
END = "<!-- end of settings -->\n"


def render() -> str:
    """One row a setting, in the order of the code."""
    head = "| variable | default | values | what |\n|---|---|---|---|\n"
    return head + "".join(_row(name, field) for name, field in Settings.model_fields.items())


def rendered_into(page: str) -> str:
    """The page with its table as it ought to be."""
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}{render()}{END}{after}"


def _row(name: str, field: Any) -> str:
    assert field.description, f"say what {name} is"
    secret = name.upper() in _SECRETS
    variable = f"`TOCSIN_{name.upper()}`" + (f", `TOCSIN_{name.upper()}_FILE`" if secret else "")
    default = f"`{_text(field.default)}`" if field.default not in (None, "") else "–"
    return f"| {variable} | {default} | {_values(field)} | {field.description} |\n"


def _values(field: Any) -> str:
    if get_origin(field.annotation) is Literal:
        return " ".join(f"`{value}`" for value in get_args(field.annotation))
    if field.annotation is bool:
        return "`true` `false`"
    least = next((bound.ge for bound in field.metadata if isinstance(bound, Ge)), None)
    most = next((bound.le for bound in field.metadata if isinstance(bound, Le)), None)
    if least is None:
        return "text"
    return f"{least} to {most}" if most is not None else f"from {least}"


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
