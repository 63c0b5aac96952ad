"""Words that are one only together: adverbs of several words before the tags are settled, class words after."""

from functools import reduce
from operator import or_

from tocsin.core.lexicon import ADJ, ADV, ING, NOUN, NUM, PREP, TIME, VERB, Lexicon
from tocsin.core.matching.tokens import Sentence


def tag_adverbs(sentence: Sentence, lexicon: Lexicon) -> None:
    """ "so far", "of late": adverbs of several words, where no number or date has taken them."""
    words, tags, adverbs = sentence.word, sentence.tag, lexicon.adverbs
    for at in [at for at, word in enumerate(words) if word in adverbs]:
        for rest in adverbs[words[at]]:
            end = at + 1 + len(rest)
            if tuple(words[at + 1 : end]) != rest or TIME in tags[at:end] or NUM in tags[at + 1 : end]:
                continue  # "one by one" begins with a number of its own
            tags[at:end] = [ADV] * (end - at)
            break


def add_phrases(sentence: Sentence, lexicon: Lexicon) -> None:
    """Class words of several tokens mark their last token, and make the whole nominal.

    A preposition within divides it: "cessation of hostilities" marks the word before it too, for that is the head.
    """
    multi, pairs = lexicon.multi, lexicon.pairs
    words = sentence.word
    for at in [at for at, word in enumerate(words) if word in multi]:
        for prefix, mask in pairs.get((words[at - 1], words[at]), ()) if at else ():
            first = at - len(prefix)
            if first >= 0 and tuple(words[first:at]) == prefix:
                sentence.mask[at] = mask | (sentence.mask[at] if sentence.tag[at] == NOUN else 0)
                for inner in range(first, at + 1):
                    if inner > first and sentence.tag[inner] == PREP and PREP not in sentence.tag[first:inner]:
                        sentence.mask[inner - 1] |= mask
                    if sentence.tag[inner] not in (NOUN, TIME, PREP):
                        sentence.tag[inner] = NOUN if inner == at else ADJ
                break


def mark_deeds(sentence: Sentence, lexicon: Lexicon) -> None:
    """Class words that are verbs: "demanding", "called for" say what people came for, a demand does not."""
    words, tags, deeds = sentence.word, sentence.tag, lexicon.deeds
    for at in [at for at, word in enumerate(words) if word in deeds and tags[at] in (VERB, ING)]:
        for rest, mask in deeds[words[at]]:
            if tuple(words[at + 1 : at + 1 + len(rest)]) == rest:
                sentence.mask[at] |= mask


def mask_of_joint(lexicon: Lexicon, word: str) -> int:
    """What words are that a stroke joins: "shots/explosions"."""
    return reduce(or_, (lexicon.masks.get(part, 0) for part in word.split("/")))
