"""Tests for words that are not meant of the facts: drills, stories and games, figures of speech."""

from tocsin.core.matching.groups import first_owner
from tocsin.core.mentions import Status
from tocsin.core.status.case import Case, Reading

AIM = 5


def find_exercise(case: Case) -> Reading | None:
    found = case.phrase("drill_words")
    if found:
        return Reading(Status.HYPOTHETICAL, "an exercise or simulation", (found,))
    return None


def find_fiction(case: Case) -> Reading | None:
    """Told by a film or a novel, or played on a field."""
    frame, sentence = case.frame, case.sentence
    fiction, sport = case.lexicon.serving("fiction"), case.lexicon.serving("game")
    some = sentence.everything
    first = min(frame.all_groups(), default=len(sentence.groups)) if some & fiction else 0
    for group in sentence.groups if some & fiction else ():
        made = group.prep < 0 and group.index > first  # "a man who had made a film about them was shot"
        if group.head < frame.start and group.mask & fiction and group.of < 0 and not group.actor and not made:
            return Reading(Status.HYPOTHETICAL, "told as a story", (sentence.word[group.head],))
    if case.has("contest_verbs", sentence.word[frame.start]):
        for group in sentence.groups:
            governor = sentence.word[group.prep] if group.prep >= frame.end else ""
            if case.has("contest_prepositions", governor) and case.has("contest_words", sentence.word[group.head]):
                return Reading(Status.HYPOTHETICAL, "won or lost at the polls", (sentence.word[group.head],))
    played = [sentence.word[at] for at, mask in enumerate(sentence.mask) if mask & sport] if some & sport else []
    if len(set(played)) > 1:
        return Reading(Status.HYPOTHETICAL, "a game", tuple(played[:2]))
    return None


def find_figure(case: Case) -> Reading | None:
    """Battles and blasts of an article about markets, matches or films, and what something is only likened to."""
    frame, sentence = case.frame, case.sentence
    index = sentence.group_at[frame.start] if frame.shape == "nominal" else -1
    at = sentence.groups[index].prep if index >= 0 else -1
    seeming = at > 0 and case.has("seeming_verbs", sentence.word[at - 1])  # "what looked like an air strike"
    if at >= 0 and case.has("simile_words", sentence.word[at]) and not seeming:
        return Reading(Status.HYPOTHETICAL, "only likened to it", (sentence.word[at],))
    idea = _aimed_at_idea(case)
    if idea:
        return Reading(Status.HYPOTHETICAL, "aimed at nothing that can be hit", (idea,))
    matter = _made_of_ideas(case)
    if matter:
        return Reading(Status.HYPOTHETICAL, "nothing that can hit", (matter,))
    if case.topic is None or case.topic.figures is None or case.lawful:
        return None
    literal = case.lexicon.words.get("literal_words", ())
    said = sentence.word[frame.start : frame.end]
    if any(word in literal for word in said) or " ".join(said) in literal:
        return None
    name, words = case.topic.figures
    return Reading(Status.HYPOTHETICAL, f"a figure of speech: the article is about {name.replace('_', ' ')}", words)


def _aimed_at_idea(case: Case) -> str:
    """ "lobbed a grenade into the budget plan": the idea at which something is aimed; empty for none."""
    frame, sentence, lexicon = case.frame, case.sentence, case.lexicon
    said = sentence.word[frame.start]
    if lexicon.lemmas.get(said, said) not in lexicon.words.get("aimed_deeds", ()):
        return ""
    owners = {group.owner for group in sentence.groups}
    for group in sentence.groups:
        prep = sentence.groups[first_owner(sentence, group.index)].prep
        if group.index in owners or not frame.end <= prep < frame.end + AIM:
            continue
        if not case.has("aiming_words", sentence.word[prep]):
            continue
        real = (
            lexicon.serving("usable")
            | lexicon.serving("somebody")
            | lexicon.serving("route")
            | lexicon.serving("built")
        )
        word = sentence.word[group.head]
        return word if group.mask & lexicon.serving("idea") and not group.mask & real and not group.place else ""
    return ""


def _made_of_ideas(case: Case) -> str:
    """ "hit by a barrage of poor figures", "under a hail of criticism": the idea that hits; empty for none."""
    sentence, lexicon = case.sentence, case.lexicon
    for slot in ("by", "with", "under"):
        for index in case.frame.slots.get(slot, ()):
            of = sentence.groups[index].of
            group = sentence.groups[of] if of >= 0 else None
            if group and group.mask & lexicon.serving("immaterial") and not group.mask & lexicon.serving("carried"):
                return sentence.word[group.head]
    return ""
