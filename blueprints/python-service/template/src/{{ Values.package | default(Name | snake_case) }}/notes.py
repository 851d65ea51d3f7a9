"""Notes: an example of a resource with a table. Put your own in its place."""

from typing import Annotated, cast

from fastapi import APIRouter, HTTPException, Query, status
from pydantic import BaseModel, StringConstraints
from sqlalchemy import Column, Integer, String, Table, delete, insert, select

from .database import Transaction, metadata

notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("text", String(1000), nullable=False),
)

router = APIRouter(prefix="/notes", tags=["notes"])


class NewNote(BaseModel):
    """A note that has no id yet."""

    text: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)
    ]


class Note(NewNote):
    """A note."""

    id: int


@router.post("", status_code=status.HTTP_201_CREATED)
def add_note(note: NewNote, transaction: Transaction) -> Note:
    """Keep a note."""
    kept = transaction.execute(insert(notes).values(text=note.text))
    # SQLAlchemy types it as optional; an insert of a single row always has one.
    (note_id,) = cast(tuple[int], kept.inserted_primary_key)
    return Note(id=note_id, text=note.text)


@router.get("")
def list_notes(
    transaction: Transaction,
    after: Annotated[int, Query(description="The last id of the page before")] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> list[Note]:
    """List the notes, in the order in which they came."""
    page = select(notes).where(notes.c.id > after).order_by(notes.c.id).limit(limit)
    return [Note(id=row.id, text=row.text) for row in transaction.execute(page)]


@router.get("/{note_id}")
def read_note(note_id: int, transaction: Transaction) -> Note:
    """Read one note."""
    row = transaction.execute(select(notes).where(notes.c.id == note_id)).one_or_none()
    if row is None:
        raise _not_found(note_id)
    return Note(id=row.id, text=row.text)


@router.delete("/{note_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_note(note_id: int, transaction: Transaction) -> None:
    """Throw a note away."""
    gone = transaction.execute(delete(notes).where(notes.c.id == note_id))
    if gone.rowcount == 0:
        raise _not_found(note_id)


def _not_found(note_id: int) -> HTTPException:
    return HTTPException(status.HTTP_404_NOT_FOUND, f"there is no note {note_id}")
