"""Captions that clips write about themselves: what is said is what was measured; no held-out sentence is among them."""

import random
from pathlib import Path

import pytest
import torch

from vgan.evaluate_words import held_out
from vgan.models.attributes import ATTRIBUTES, KNOTS
from vgan.training.looks import LOOKS
from vgan.training.words.amounts import AMOUNTS, WAYS_OF
from vgan.training.words.clips import all_clips, captions, measured
from vgan.training.words.embeddings import batch_of, embedded, kept
from vgan.training.words.grammar import ALL_NAMES, WORDS, Words, away, by_themselves, write

SHARES = {name: 0.5 for name in ATTRIBUTES}
LINEAR = [[step / (KNOTS - 1)] * 7 for step in range(KNOTS)]


def many(count: int = 400, **shares: float) -> list:
    rng = random.Random(1)
    return [write(rng, "silk", SHARES | shares) for _ in range(count)]


@pytest.mark.parametrize(
    ("shares", "often", "never"),
    [
        ({"motion": 0.15}, "slow", "very fast"),
        ({"brightness": 0.05}, "dark", "dazzling"),
        ({"hue": 0.34, "saturation": 0.8}, "green", " red "),
    ],
)
def test_words_fit_what_was_measured(shares: dict[str, float], often: str, never: str) -> None:
    texts = [caption.text for caption in many(**shares)]
    assert sum(often in text for text in texts) > 5
    assert not [text for text in texts if never in f" {text} "]


def test_what_is_said_is_the_clips_own_value() -> None:
    for caption in many(motion=0.9, scale=0.1):
        assert all(value == (SHARES | {"motion": 0.9, "scale": 0.1})[name] for name, value in caption.said.items())


def test_negations_turn_the_side() -> None:
    texts = [caption for caption in many(2000, complexity=0.1) if "complexity" in caption.said]
    turned = [caption.text for caption in texts if "not too" in caption.text or "anything but" in caption.text]
    assert len(turned) > 5
    assert not [text for text in turned if "not too sparse" in text or "anything but empty" in text]


def test_amounts_have_words_around_them() -> None:
    assert all("{}" in way for ways in WAYS_OF.values() for way in ways)
    assert {phrase.form for phrase in AMOUNTS} == set(WAYS_OF)


def test_no_phrase_stands_on_both_sides_and_no_name_in_two_looks() -> None:
    sides: dict[tuple[str, str], set[bool]] = {}
    for phrase in WORDS.phrases:
        for attribute, share in phrase.says:
            sides.setdefault((phrase.text, attribute), set()).add(share >= 0.5)
    assert not [phrase for phrase, both in sides.items() if len(both) > 1]
    names = [name for of_look in ALL_NAMES.values() for name in set(of_look)]
    assert len(names) == len(set(names))


def test_what_the_encoder_says_is_kept(tmp_path: Path) -> None:
    asked: list[str] = []

    def encode(texts: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
        asked.extend(texts)
        mask = torch.arange(9) < torch.tensor([[len(text)] for text in texts])
        return torch.arange(9.0)[None, :, None].expand(len(texts), 9, 4), mask

    path, texts = tmp_path / "folder" / "kept.safetensors", ["ink", "silk", "marble"]
    first = kept(texts, encode, path)
    again = kept(texts, encode, path)
    assert len(asked) == 3
    assert [len(row) for row in again] == [3, 4, 6]
    assert all(torch.equal(one, other) for one, other in zip(first, again, strict=True))
    kept(["neon"], encode, path)
    assert len(asked) == 4
    path.write_bytes(b"no such file")
    assert len(kept(texts, encode, path, write=False)) == 3
    assert path.read_bytes() == b"no such file"
    tokens, mask = batch_of(embedded(texts, encode))
    assert tokens.shape == (3, 6, 4)
    assert mask.sum(1).tolist() == [3, 4, 6]


def test_a_grey_clip_names_no_colour() -> None:
    assert not [caption for caption in many(saturation=0.05) if "hue" in caption.said]


def test_some_captions_name_no_look_and_some_nothing_that_looks_show() -> None:
    unnamed = [caption for caption in many() if not caption.look]
    assert 0.1 < len(unnamed) / 400 < 0.25
    assert any("dog" in caption.text or "cat" in caption.text for caption in many(2000) if not caption.look)


def test_every_look_has_names_and_the_same_seed_writes_the_same() -> None:
    assert set(ALL_NAMES) == set(LOOKS)
    assert all(len(set(names)) > 30 for names in ALL_NAMES.values())
    clips = {"silk": [SHARES] * 3}
    assert captions(clips, 4, 7) == captions(clips, 4, 7) != captions(clips, 4, 8)


def test_clips_are_measured_as_shares() -> None:
    found = measured("clouds", range(3), LINEAR)
    assert len(found) == 3
    assert all(0 <= value <= 1 for shares in found for value in shares.values())
    assert all_clips({look: LINEAR for look in LOOKS}, 1, 5).keys() == LOOKS.keys()


def test_phrases_by_themselves_keep_what_they_say() -> None:
    captions = {caption.text: caption for caption in by_themselves()}
    assert captions["barely moving"].said["motion"] < 0.2
    assert away("hue", captions["turquoise"].said["hue"], 0.49) < 0.03
    assert captions["northern lights"].look == "aurora"


def test_hue_goes_round() -> None:
    assert away("hue", 0.98, 0.02) == pytest.approx(0.04)
    assert away("motion", 0.98, 0.02) == pytest.approx(0.96)


def test_a_part_of_the_words_can_be_kept_back() -> None:
    words = Words({"silk": ("velvet",)}, [p for p in WORDS.phrases if p.text == "slow"], (), (), ("a dog",), (), {})
    texts = {write(random.Random(seed), "silk", SHARES | {"motion": 0.18}, words).text for seed in range(60)}
    assert any("velvet" in text and "slow" in text for text in texts)
    assert not any("satin" in text for text in texts)


def test_held_out_sentences_are_never_written() -> None:
    sentences = {" ".join(one.sentence.lower().split()) for one in held_out()}
    assert len(sentences) == 200
    written = {caption.text for caption in captions({look: [SHARES] * 10 for look in LOOKS}, 40, 3)}
    written |= {caption.text for caption in by_themselves()}
    assert not sentences & written
    names = {name for all_of in ALL_NAMES.values() for name in all_of}
    assert not [sentence for sentence in sentences if sentence in names]
    assert all(len(one.asked) == 2 for one in held_out())
