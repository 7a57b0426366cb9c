"""Verbs come from the schema, whichever it is."""

import pytest

from pytest_assay.steps import Step, StepBuilder, Vocabulary

SCHEMA = {
    "properties": {
        "id": {"type": "string"},
        "mood": {"type": "string"},
        "when": {"properties": {"endpoint": {"type": "string"}}},
        "times": {},
        "do": {"properties": {"explode": {"const": True}, "shuffle": {"$ref": "#/$defs/names"},
                              "colour": {"type": "string"}}},
    },
    "$defs": {"names": {"type": "array", "items": {"type": "string"}}},
}


class Script:
    """Takes steps in place of an issuer."""

    def __init__(self):
        self.steps = []

    def verb_given(self, builder):
        pass

    def script(self, *steps):
        self.steps += steps
        return list(steps)


@pytest.fixture
def added():
    """added(lambda step: step.verb(...)): the step that comes of it."""
    def add(give_verb, times=1, **said):
        script = Script()
        give_verb(StepBuilder(script, Vocabulary(SCHEMA), times, said))
        (step,) = script.steps
        return step

    return add


@pytest.mark.parametrize("give_verb, do", [
    (lambda step: step.explode(), {"explode": True}),
    (lambda step: step.colour("red"), {"colour": "red"}),
    (lambda step: step.colour(None), {"colour": None}),
    (lambda step: step.colour(hue=3, light=4), {"colour": {"hue": 3, "light": 4}}),
    (lambda step: step.shuffle("a"), {"shuffle": ["a"]}),
    (lambda step: step.shuffle("a", "b"), {"shuffle": ["a", "b"]}),
    (lambda step: step.shuffle(["a", "b"]), {"shuffle": ["a", "b"]}),
    (lambda step: step.do(explode=True, colour="red"), {"explode": True, "colour": "red"}),
])
def test_a_verb_this_package_has_never_heard_of_is_a_method(added, give_verb, do):
    assert added(give_verb) == {"do": do}


def test_what_the_schema_has_beside_when_is_said_of_the_step(added):
    step = added(lambda step: step.explode(), times={"skip": 1, "take": 2}, endpoint="token", id="x", mood="grim")
    assert step == {"id": "x", "mood": "grim", "when": {"endpoint": "token"}, "times": {"skip": 1, "take": 2},
                    "do": {"explode": True}}


def test_an_unknown_verb_is_an_attribute_error_with_the_nearest_name(added):
    with pytest.raises(AttributeError, match="there is no verb 'color'; did you mean 'colour'?"):
        added(lambda step: step.color("red"))
    with pytest.raises(AttributeError, match="verbs: colour, explode, shuffle"):
        added(lambda step: step.zzz())


def test_an_editor_is_told_the_verbs():
    builder = StepBuilder(Script(), Vocabulary(SCHEMA), 1, {})
    assert set(dir(builder)) == {"do", "explode", "shuffle", "colour"}
    assert hasattr(builder, "explode") and not hasattr(builder, "implode")


@pytest.mark.parametrize("give_verb", [lambda step: step.colour("red", "blue"), lambda step: step.colour("red", hue=3)])
def test_a_verb_has_one_value(added, give_verb):
    with pytest.raises(TypeError, match="takes one value"):
        added(give_verb)


def test_a_step_is_told_of_do_for_verbs_only():
    step = Step(None, "step-1", Vocabulary(SCHEMA).verbs)
    for verb in ("shuffle", "do"):
        with pytest.raises(AttributeError, match=rf"a step has no '{verb}'; one verb ends a step, .* do\(\) together"):
            getattr(step, verb)
    with pytest.raises(AttributeError, match="^a step has no 'zzz'$"):
        step.zzz()
