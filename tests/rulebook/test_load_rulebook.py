"""From files to a rulebook: layering, limits, and what a stranger's file can do (nothing)."""

import os
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.core.actors import Alias
from tocsin.core.mentions import Role
from tocsin.core.rules import Severity
from tocsin.core.subscriptions import Channel
from tocsin.rulebook.files import LoadResult, load_rulebook, shipped_rules
from tocsin.rulebook.nodes import MAX_BYTES, read_nodes
from tocsin.rulebook.problems import has_errors

BASE = Path(__file__).parent / "base"


def _workspace(root: Path, **files: str) -> LoadResult:
    for name, text in files.items():
        path = root / (name.replace("__", "/") + ".yml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_rulebook(root, base=BASE)


def _codes(result: LoadResult) -> list[str]:
    return [problem.code for problem in result.problems]


def test_the_base_yields_values_with_their_forms_inflected() -> None:
    rulebook = load_rulebook(BASE).rulebook
    assert rulebook is not None
    (rule,) = rulebook.rules
    classes = {word_class.id: word_class.words for word_class in rulebook.classes["en"]}

    assert classes["person"] == ("man", "men", "woman", "women", "people")
    assert classes["police"] == ("police", "police officer", "police officers", "FBI")
    assert rule.roles[Role.AGENT].never == ("armed_group",)
    assert rule.match[0].location == f"{BASE}/events/arrest.yml:13:7"


def test_scalars_stay_text(tmp_path: Path) -> None:
    text = (
        "id: desk\ntitle: On\nactors:\n- {id: no, name: NO, kind: organisation, aliases: {no: [NO, On, 0755, 1e3]}}\n"
    )
    rulebook = _workspace(tmp_path, actors__desk=text).rulebook

    assert rulebook is not None
    actor = rulebook.actors["no"]
    assert [alias.text for alias in actor.aliases["no"]] == ["NO", "On", "0755", "1e3"]


def test_an_operators_rule_replaces_a_shipped_one_when_it_says_so(tmp_path: Path) -> None:
    text = (
        "id: arrest\ntitle: Our arrest\nreplace: true\nsays: {en: {verbs: [nab]}}\n"
        "roles: {recipient: {is: [person]}}\nexamples: {match: [Police nabbed a man.], no_match: [A nap.]}\n"
    )
    result = _workspace(tmp_path, events__arrest=text)

    assert result.problems == ()
    assert result.rulebook is not None
    (rule,) = result.rulebook.rules
    assert rule.title == "Our arrest"
    assert [trigger.text for trigger in rule.says["en"].verbs] == ["nab"]


def test_an_operators_rule_appends_to_a_shipped_one_when_it_says_so(tmp_path: Path) -> None:
    text = (
        "id: arrest\ntitle: Arrest or detention\nappend: true\nseverity: critical\n"
        "says: {en: {verbs: [nab]}}\nnever_when: [house arrest]\n"
    )
    result = _workspace(tmp_path, events__arrest=text)

    assert result.problems == ()
    assert result.rulebook is not None
    (rule,) = result.rulebook.rules
    assert [trigger.text for trigger in rule.says["en"].verbs] == ["arrest", "detain", "round up", "nab"]
    assert rule.never_when == ("cardiac arrest", "house arrest")
    assert rule.severity is Severity.CRITICAL
    assert len(rule.match) == 5


def test_an_operators_actor_appends_aliases_and_a_watchlist_includes_shipped_actors(tmp_path: Path) -> None:
    text = (
        "id: desk\ntitle: Our desk\ninclude: [isis]\nactors:\n"
        "- {id: isis, name: IS, kind: armed_group, append: true, aliases: {en: [the caliphate], es: [Daesh]}}\n"
    )
    result = _workspace(tmp_path, actors__desk=text)

    assert result.problems == ()
    assert result.rulebook is not None
    actor = result.rulebook.actors["isis"]
    assert actor.aliases == {
        "en": (Alias(text="Islamic State"), Alias(text="ISIS", exact=True), Alias(text="the caliphate")),
        "es": (Alias(text="Daesh"),),
    }
    assert {watchlist.id: [a.id for a in watchlist.actors] for watchlist in result.rulebook.watchlists} == {
        "groups": ["isis"],
        "desk": ["isis"],
    }
    assert all(actor in watchlist.actors for watchlist in result.rulebook.watchlists)


def test_a_replaced_watchlist_takes_its_actors_with_it(tmp_path: Path) -> None:
    text = (
        "id: groups\ntitle: Our groups\nreplace: true\nactors:\n"
        "- {id: isis, name: IS, kind: armed_group, aliases: {en: [Daesh]}}\n"
    )
    result = _workspace(tmp_path, actors__groups=text)

    assert result.problems == ()
    assert result.rulebook is not None
    (watchlist,) = result.rulebook.watchlists
    assert [(actor.id, actor.name) for actor in watchlist.actors] == [("isis", "IS")]


def test_feeds_and_subscriptions_become_values(tmp_path: Path) -> None:
    result = _workspace(
        tmp_path,
        feeds="feeds:\n- {id: gazette, url: 'https://gazette.example.org/rss', interval: 10m, backfill: 24h}\n",
        subscriptions=(
            "endpoints:\n- {id: mail, email: desk@example.org}\n"
            "- {id: hook, webhook: 'http://127.0.0.1:9/x', secret: 'file:hook.secret', allow_private: true}\n"
            "subscriptions:\n- {id: all, title: All, send_to: [mail, hook], max_age: 2d, roles: [agent]}\n"
        ),
    )

    assert result.problems == ()
    assert result.rulebook is not None
    (feed,) = result.rulebook.feeds
    mail, hook = result.rulebook.endpoints
    (wanted,) = result.rulebook.subscriptions
    assert (feed.interval_s, feed.backfill_s) == (600, 86400)
    assert (mail.channel, mail.address) == (Channel.EMAIL, "desk@example.org")
    assert (hook.channel, hook.secret, hook.allow_private) == (Channel.WEBHOOK, "file:hook.secret", True)
    assert (wanted.endpoints, wanted.max_age_s, wanted.roles) == (
        ("mail", "hook"),
        172800,
        ("agent",),
    )


def test_the_digest_changes_with_any_file_and_with_nothing_else(tmp_path: Path) -> None:
    first = _workspace(tmp_path / "a", feeds="feeds: []\n").rulebook
    same = _workspace(tmp_path / "b", feeds="feeds: []\n").rulebook
    other = _workspace(tmp_path / "c", feeds="feeds: [] # none yet\n").rulebook

    digests = [rulebook.digest if rulebook else None for rulebook in (first, same, other)]
    assert digests[0] == digests[1]
    assert digests[0] not in (None, digests[2])


def test_a_directory_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert _codes(load_rulebook(tmp_path / "nowhere")) == ["no-rulebook"]


def test_the_shipped_rulebook_does_not_depend_on_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rules" / "events").mkdir(parents=True)
    before = shipped_rules()
    monkeypatch.chdir(tmp_path)

    assert shipped_rules() == before
    assert (before / "actors").is_dir()


def test_an_oversized_file_is_refused_unread(tmp_path: Path) -> None:
    result = _workspace(tmp_path, feeds="feeds: []\n#" + "x" * MAX_BYTES)

    assert _codes(result) == ["too-big"]


def test_nodes_are_never_built_from_an_oversized_text() -> None:
    node, problems = read_nodes(b"#" * (MAX_BYTES + 1), "any.yml")

    assert node is None
    assert [problem.code for problem in problems] == ["too-big"]


def test_a_table_that_is_a_list_is_a_problem(tmp_path: Path) -> None:
    assert _codes(_workspace(tmp_path, lexicon__xx__tables__forms="[a, b]\n")) == ["wrong-kind"]


def test_what_serves_a_function_is_known_by_name(tmp_path: Path) -> None:
    text = "serves:\n  armed: [police, militia_man]\n  guarding: [armed, person]\nmakes:\n  armed_with: [polic]\n"
    result = _workspace(tmp_path, lexicon__en__tables__functions=text)

    path = tmp_path / "lexicon/en/tables/functions.yml"
    assert [(p.line, p.column, p.code) for p in result.problems] == [
        (2, 19, "unknown-word-class"),
        (5, 15, "unknown-word-list"),
        (5, 16, "unknown-word-class"),
    ]
    assert {p.path for p in result.problems} == {str(path)}


def test_a_table_of_functions_holds_nothing_else(tmp_path: Path) -> None:
    assert _codes(_workspace(tmp_path, lexicon__en__tables__functions="served:\n  armed: [police]\n")) == [
        "unknown-key"
    ]
    assert _codes(_workspace(tmp_path, lexicon__en__tables__functions="[a, b]\n")) == ["wrong-kind"]


def test_an_operators_word_class_appends_to_a_shipped_one(tmp_path: Path) -> None:
    result = _workspace(tmp_path, lexicon__en__police="id: police\ntitle: Police\nappend: true\nnouns: [trooper]\n")

    assert result.rulebook is not None
    words = {word_class.id: word_class.words for word_class in result.rulebook.classes["en"]}
    assert words["police"] == ("police", "police officer", "police officers", "FBI", "trooper", "troopers")


def _with_nouns(root: Path, rows: str, **files: str) -> LoadResult:
    folder = root / "lexicon" / "en"
    folder.mkdir(parents=True)
    (folder / "more.tsv").write_text(rows, encoding="utf-8")
    return _workspace(root, **files)


def test_nouns_listed_in_bulk_are_inflected_and_belong_to_the_class_beside_them(tmp_path: Path) -> None:
    tool = "id: tool\ntitle: Tools\nnouns: [hammer]\n"
    result = _with_nouns(tmp_path, "# made elsewhere\n\ntool\tsaw; chisel\n", lexicon__en__tool=tool)

    assert result.rulebook is not None
    words = {word_class.id: word_class.words for word_class in result.rulebook.classes["en"]}
    assert words["tool"] == ("hammer", "hammers", "saw", "saws", "chisel", "chisels")


def test_a_noun_that_a_class_lists_itself_is_not_taken_from_a_bulk_list(tmp_path: Path) -> None:
    tool = "id: tool\ntitle: Tools\nnouns: [hammer]\n"
    fish = "id: fish\ntitle: Fish\nnouns: [trout]\n"
    result = _with_nouns(tmp_path, "fish\thammer;carp\n", lexicon__en__tool=tool, lexicon__en__fish=fish)

    assert result.rulebook is not None
    words = {word_class.id: word_class.words for word_class in result.rulebook.classes["en"]}
    assert words["fish"] == ("trout", "trouts", "carp", "carps")


@pytest.mark.parametrize(
    ("row", "code"), [("tool: saw", "bad-value"), ("tools\tsaw", "unknown-word-class"), ("\tsaw", "unknown-word-class")]
)
def test_a_row_of_a_bulk_list_that_cannot_be_used_is_a_problem_at_its_line(tmp_path: Path, row: str, code: str) -> None:
    tool = "id: tool\ntitle: Tools\nnouns: [hammer]\n"
    result = _with_nouns(tmp_path, f"# note\n{row}\n", lexicon__en__tool=tool)

    assert [(code, 2)] == [(problem.code, problem.line) for problem in result.problems]


def test_forms_that_a_rule_gives_are_the_only_ones(tmp_path: Path) -> None:
    text = (
        "id: raid\ntitle: Raid\nsays: {en: {nouns: [{text: raid, forms: [raides]}]}}\n"
        "examples: {match: [A raid on a house.], no_match: [A red.]}\n"
    )
    result = _workspace(tmp_path, events__raid=text)

    assert result.rulebook is not None
    rule = next(rule for rule in result.rulebook.rules if rule.id == "raid")
    assert rule.says["en"].nouns[0].forms == ("raid", "raides")


def test_words_that_share_a_trigger_become_triggers_of_their_own(tmp_path: Path) -> None:
    text = (
        "id: leaving\ntitle: Leaving\nroles: {agent: {is: [police]}}\n"
        "says: {en: {verbs: [{text: leave, also: [pull out], only: {agent: [police]}}]}}\n"
        "examples: {match: [Police left.], no_match: [A leaf.]}\n"
    )
    rulebook = _workspace(tmp_path, events__leaving=text).rulebook

    assert rulebook is not None
    (rule,) = [rule for rule in rulebook.rules if rule.id == "leaving"]
    verbs = {trigger.text: trigger for trigger in rule.says["en"].verbs}
    assert set(verbs) == {"leave", "pull out"}
    assert all(trigger.only == {Role.AGENT: ("police",)} for trigger in verbs.values())


def test_an_alias_bomb_is_refused_at_once(tmp_path: Path) -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    started = time.perf_counter()
    result = _workspace(tmp_path, feeds=bomb)

    assert set(_codes(result)) == {"anchor", "alias"}
    assert time.perf_counter() - started < 5


def test_a_pipe_in_the_place_of_a_file_does_not_hang_the_loader(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "feeds.yml")

    assert _codes(load_rulebook(tmp_path, base=BASE)) == ["not-a-file"]


def test_an_unknown_key_hides_nothing_else_in_its_file(tmp_path: Path) -> None:
    result = _workspace(
        tmp_path,
        feeds="feeds: [{id: one, url: 'ftp://one.example/', colour: red}, {id: one, url: 'https://two.example/rss'}]\n",
    )

    assert {"unknown-key", "bad-url", "duplicate-id"} <= set(_codes(result))


def test_a_mistake_in_one_file_makes_no_second_problem_where_it_is_referred_to(tmp_path: Path) -> None:
    rule = "id: raid\ntitle: Raid\nsays: {en: {verbs: [raid]}}\ncolour: red\n"
    result = _workspace(
        tmp_path,
        events__raid=rule,
        subscriptions=(
            "endpoints: [{id: mail, email: desk@example.org}]\n"
            "subscriptions: [{id: raids, title: Raids, send_to: [mail], types: [raid]}]\n"
        ),
    )

    assert set(_codes(result)) == {"unknown-key", "few-examples"}


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=400))
def test_any_bytes_are_nodes_or_problems(data: bytes) -> None:
    node, problems = read_nodes(data, "any.yml")

    assert (node is None) == has_errors(problems)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems)


_WORDS = st.sampled_from(
    "id title says roles en verbs examples match text expect actors aliases feeds url interval endpoints secret "
    "subscriptions send_to types replace append requires raid arrest isis null ~ 1 -1 1e9 true https://x 5m".split()
)
_VALUES = st.recursive(
    _WORDS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=4),
    max_leaves=12,
)


def _flow(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return str(value)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(
        ["events/raid.yml", "actors/desk.yml", "feeds.yml", "subscriptions.yml", "codes/ace.yml", "lexicon/en/x.yml",
         "lexicon/en/tables/forms.yml", "lexicon/en/tables/inflection.yml"]
    ),
    text=st.text(max_size=200) | st.dictionaries(_WORDS, _VALUES, max_size=6).map(_flow),
)  # fmt: skip
def test_any_file_yields_a_rulebook_or_problems(tmp_path: Path, name: str, text: str) -> None:
    root = tmp_path / "desk"
    shutil.rmtree(root, ignore_errors=True)
    (root / name).parent.mkdir(parents=True)
    (root / name).write_bytes(text.encode("utf-8", "surrogatepass"))

    result = load_rulebook(root, base=BASE)

    assert (result.rulebook is None) == has_errors(result.problems)
    assert all(problem.render() for problem in result.problems)
