"""Values that may be absent, read as if they never were: ``unguarded-optional``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from provisionhub.linting.conditions import guards_of_file, mentioned
from provisionhub.linting.context import Meaning, shown, value_pointer
from provisionhub.linting.findings import Code, Finding
from provisionhub.linting.guarding import assured_length, common_length
from provisionhub.linting.reading import faulty
from provisionhub.linting.subject import Linted
from provisionhub.linting.survey import Surveyed, SurveyedFile
from provisionhub.outline import Guard, NamePath, Read
from provisionhub.values.declarations import Presence


def unguarded_optionals(linted: Linted) -> Iterator[Finding]:
    """Find optional values that nothing makes sure of, once in each file."""
    told: set[tuple[str, NamePath]] = set()
    for read, missing in _unguarded(linted):
        if (read.at.file, missing) not in told:
            told.add((read.at.file, missing))
            yield _finding(read, missing)


def _unguarded(linted: Linted) -> Iterator[tuple[Read, NamePath]]:
    """Yield each read of what may be absent, and which value may be."""
    survey = linted.survey
    for condition in survey.conditions.values():
        yield from _in_template(linted, condition, (), ())
    for file in survey.files:
        guards, asked = guards_of_file(survey, file), mentioned(survey, file)
        for template in _templates(file):
            yield from _in_template(linted, template, guards, asked)
    if survey.commit_message is not None:
        yield from _in_template(linted, survey.commit_message, (), ())


def _templates(file: SurveyedFile) -> Iterator[Surveyed]:
    yield from (part for part in file.parts if isinstance(part, Surveyed))
    if file.content is not None:
        yield file.content


def _in_template(
    linted: Linted,
    template: Surveyed,
    guards: tuple[Guard, ...],
    asked: Iterable[NamePath],
) -> Iterator[tuple[Read, NamePath]]:
    """Yield those of one template.

    A condition that asks about a value in a way that guards can't say, such as
    ``a or b``, counts as making sure of it from there on.
    """
    provided = set(asked)

    def find(read: Read) -> tuple[Read, NamePath] | None:
        if read.has_default:
            provided.update((read.path, *read.otherwise))
            return None
        missing = _missing(linted, read, (*guards, *read.guards), provided)
        return None if missing is None else (read, missing)

    yield from faulty(template.outline, find)


def _missing(
    linted: Linted,
    read: Read,
    guards: tuple[Guard, ...],
    provided: Iterable[NamePath],
) -> NamePath | None:
    """Return which value on the way may be absent, if nothing makes sure of it."""
    meanings = linted.context.meanings(read)
    if meanings.is_open or not meanings.found:
        return None
    absent = [_first_absent(each, guards, provided) for each in meanings.found]
    missing = None if None in absent else absent[0]
    if missing == meanings.found[0].path and _is_forgiven(linted):
        return None
    return missing


def _is_forgiven(linted: Linted) -> bool:
    """Tell whether the author chose to have what is missing printed as something.

    The engines' ``missing`` says so; what is looked for below it is an error still.
    """
    options = linted.blueprint.manifest.engine_options
    return options.get("missing", "error") != "error"


def _first_absent(
    meaning: Meaning, guards: tuple[Guard, ...], provided: Iterable[NamePath]
) -> NamePath | None:
    path, declared = meaning
    if Presence.UNKNOWN in declared.presence:
        return None
    assured = assured_length(guards, path)
    for length, presence in enumerate(declared.presence, start=1):
        if length <= assured or presence is Presence.ALWAYS:
            continue
        if presence is Presence.CONDITIONAL and guards:
            continue
        if all(common_length(each, path) < length for each in provided):
            return path[:length]
    return None


def _finding(read: Read, missing: NamePath) -> Finding:
    name = shown(missing)
    return Finding(
        Code.UNGUARDED_OPTIONAL,
        f"`{name}` may be absent: it is neither required nor has it a default",
        at=read.at,
        hint=f"ask for `{name}` around it, give it a default here or in the schema, "
        "or require it",
        pointer=value_pointer(missing),
    )
