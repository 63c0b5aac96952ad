"""docker-compose.yml and the Dockerfile: valid, complete, without rights or secrets."""

import re
import subprocess
import sys
from typing import Any

import pytest
import yaml
from architecture.source_tree import ROOT
from typer.testing import CliRunner

from tocsin.adapters.settings import load_settings
from tocsin.processes.cli import app

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
OURS = {name: service for name, service in COMPOSE["services"].items() if service.get("image", "").startswith("tocsin")}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_file_follows_the_compose_specification() -> None:
    tool = "import sys; from check_jsonschema import main; sys.exit(main())"
    answer = subprocess.run(
        [sys.executable, "-c", tool, "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_step_is_a_service_of_its_own() -> None:
    wanted = {"redis", "poller", "scan", "merge", "dispatch", "deliver", "ticker", "web"}

    assert wanted == set(COMPOSE["services"])


@pytest.mark.parametrize("name", OURS)
def test_every_command_and_option_in_it_exists(name: str) -> None:
    """Click parses the very arguments; `--help` at the end keeps it from running them."""
    answer = CliRunner().invoke(app, [*OURS[name]["command"], "--help"])

    assert answer.exit_code == 0, answer.output
    for option in (word for word in OURS[name]["command"] if word.startswith("--")):
        assert option in answer.output


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_service_has_a_health_check(name: str) -> None:
    check = COMPOSE["services"][name]["healthcheck"]

    assert check["test"]


def test_the_health_checks_run_commands_that_exist() -> None:
    tests: list[list[str]] = [service["healthcheck"]["test"] for service in OURS.values()]
    tocsin = [test[2:] for test in tests if test[1] == "tocsin"]

    assert tocsin
    for arguments in tocsin:
        answer = CliRunner().invoke(app, [*arguments, "--help"])
        assert answer.exit_code == 0, answer.output


@pytest.mark.parametrize("name", OURS)
def test_our_containers_have_no_rights_to_spare(name: str) -> None:
    service = OURS[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


def test_every_setting_in_it_is_one_of_ours() -> None:
    environments: list[dict[str, Any]] = [service["environment"] for service in OURS.values()]
    values = {name: "" for environment in environments for name in environment if not name.endswith("_FILE")}
    secrets = {name.removesuffix("_FILE") for each in environments for name in each if name.endswith("_FILE")}

    fields = {f"TOCSIN_{name.upper()}" for name in load_settings({}).__class__.model_fields}
    assert set() == (set(values) | secrets) - fields


def test_secrets_come_by_file_only() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")

    assert not re.search(r"(?i)(password|secret|token_key)\w*:\s*['\"]?[a-z0-9]{6,}", text)
    for secret in COMPOSE["secrets"].values():
        assert set(secret) == {"file"}


def test_the_settings_left_empty_in_it_are_usable() -> None:
    """`${NAME:-}` gives an empty value for whatever the operator did not set: each must be as good as absent."""
    environment = OURS["deliver"]["environment"]
    given = {name: re.sub(r"\$\{\w+:-(.*)\}", r"\1", value) for name, value in environment.items()}

    load_settings({name: value for name, value in given.items() if not name.endswith("_FILE")})


def test_the_image_runs_the_wheel_as_a_user_without_rights() -> None:
    final = DOCKERFILE[DOCKERFILE.rindex("FROM ") :]
    users = re.findall(r"^USER (\S+)", final, re.MULTILINE)

    assert users
    assert users[-1] not in ("root", "0")
    assert 'ENTRYPOINT ["tocsin"]' in final
    assert "--require-hashes" in DOCKERFILE
    assert "*.whl" in DOCKERFILE
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    for source in (name for line in copied for name in line.split()):
        assert (ROOT / source).exists(), f"the Dockerfile copies '{source}', which is not there"
