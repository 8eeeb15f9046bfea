"""Upload: report files dropped on a page, triaged without an account. Nothing is kept after the answer, unless that was asked."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from refloat.app import Question, Triage, triage
from refloat.console import desk, upload_kept
from refloat.console.access import Request
from refloat.console.guarding import page
from refloat.console.rendering import shown
from refloat.console.settings_room import Form, gone_to, worded
from refloat.console.upload_words import answered, kind_labels
from refloat.errors import NothingReadable, RefloatError, TooLarge, WrongUse
from refloat.knowledge.messages import text_of
from refloat.knowledge.tables import marketplaces, table
from refloat.locale import translator

_NAME_LETTERS = 120
_PATH = "/upload/"


def within_limits(answering: Any) -> Any:
    """What is larger than a page takes is refused before a byte of it is read."""

    def middleware(request: HttpRequest) -> HttpResponse:
        most = table("limits")["upload"]["request_bytes"]
        length = request.META.get("CONTENT_LENGTH") or "0"
        if request.method == "POST" and request.path.startswith(_PATH) and length.isdigit() and int(length) > most:
            from refloat.console.faults import of_error

            return of_error(request, _too_large(int(length), most), code=413)
        response: HttpResponse = answering(request)
        return response

    return middleware


def _too_large(length: int, most: int) -> TooLarge:
    return TooLarge(
        "The files are larger than a page takes: {length} of {most} bytes.",
        why="A page holds them in memory while it reads them; nothing was read.",
        todo="Pack them into a zip, give fewer at a time, or use refloat triage on the command line.",
        length=f"{length:,}",
        most=f"{most:,}",
    )


@page("operator")
def asked(request: Request) -> HttpResponse:
    """The form; and, where files came with it, the answer as a page or as a file."""
    form = Form(request)
    if request.method != "POST":
        return _form(request, form)
    with TemporaryDirectory(prefix="refloat-upload-") as folder:
        try:
            found = triage(_question(request, form, Path(folder)), clock=desk.clock().now)
        except NothingReadable as error:
            told = [text_of(one, request.language) for one in error.warnings]
            return _form(request, form, wrong=worded(error, translator(request.language)), warnings=told)
        except RefloatError as error:
            return _form(request, form, wrong=worded(error, translator(request.language)))
        kind = form.text("as")
        if kind in upload_kept.KINDS:
            path = upload_kept.written(found, kind, Path(folder), request.language)
            return _file(path.read_bytes(), kind, found)
        token = upload_kept.keep(desk.config(), found, request.access.id, request.language) if form.ticked("keep") else None
    return shown(request, "console/upload_answer.html", answered(found, request.language) | {"token": token, "kinds": kind_labels(translator(request.language))})


def _form(request: Request, form: Form, **more: Any) -> HttpResponse:
    _, limits = translator(request.language), table("limits")["upload"]
    places = sorted((code, row.site) for code, row in marketplaces().items())
    told = {
        "form": form,
        "places": places,
        "kinds": kind_labels(_),
        "most": f"{limits['request_bytes'] // 2**20:,}",
        "files": limits["request_files"],
        "minutes": limits["keep_minutes"],
        "wrong": None,
        "warnings": [],
    }
    return shown(request, "console/upload.html", told | more, code=422 if more else 200)


def _question(request: Request, form: Form, folder: Path) -> Question:
    """The files, each in a folder of its own, because two may be called the same; and what was said about them."""
    files = request.FILES.getlist("files")
    most = table("limits")["upload"]["request_files"]
    if not files:
        raise WrongUse("No file came with the form.", why="Without a report there is nothing to look at.", todo="Choose or drop report files as Seller Central gives them; a zip of them is fine, too.")
    if len(files) > most:
        raise WrongUse(
            "There are {count} files; a page takes {most} at once.", why="More at once would keep the page busy for long.", todo="Pack them into a zip, or give fewer.", count=len(files), most=most
        )
    place = form.text("marketplace")
    if place and place not in marketplaces():
        raise WrongUse("There is no marketplace {name}.", why="A marketplace is written as its two letters or Amazon's id.", todo="Choose one of the list.", name=place[:40])
    day = form.day("as_of", translator(request.language)("As of"))
    if form.wrong:
        raise WrongUse("“{text}” is no day.", why="Ages and deadlines are counted from it.", todo="Write it as in 2026-11-22, or leave it empty for today.", text=form.text("as_of")[:40])
    paths = [_kept_as(one, folder / str(number)) for number, one in enumerate(files)]
    return Question(paths, marketplace=place or None, places=[place] if place else [], as_of=day, pages=desk.config().pages)


def _kept_as(one: UploadedFile[Any], folder: Path) -> str:
    """The file for as long as it is read. Its name tells of marketplace and day, so it stays, without what no name of a file may hold."""
    plain = "".join(letter if letter.isprintable() and letter not in '/\\:*?"<>|' else "_" for letter in (one.name or "")).lstrip(".")
    name = (plain[-_NAME_LETTERS:] or "report").encode()[-200:].decode("utf-8", "ignore") or "report"
    folder.mkdir(mode=0o700)
    with (folder / name).open("wb") as out:
        for chunk in one.chunks():
            out.write(chunk)
    return str(folder / name)


def _file(content: bytes, kind: str, found: Triage) -> HttpResponse:
    return HttpResponse(content, content_type=upload_kept.KINDS[kind], headers={"Content-Disposition": f'attachment; filename="stranded-{found.as_of.isoformat()}.{kind}"'})


@require_GET
@page("operator")
def kept(request: Request, token: str) -> HttpResponse:
    """An answer that lies ready for some time, because that was asked."""
    told = {"token": token, "kinds": kind_labels(translator(request.language)), "until": _kept(request, token), "minutes": table("limits")["upload"]["keep_minutes"]}
    return shown(request, "console/upload_kept.html", told)


def _kept(request: Request, token: str) -> str:
    folder = upload_kept.folder_of(desk.config(), token, request.access.id)
    if folder is None:
        raise Http404
    return f"{upload_kept.until(folder):%Y-%m-%d %H:%M} UTC"


@require_GET
@page("operator")
def download(request: Request, token: str, kind: str) -> HttpResponse:
    """One of the files of an answer that lies ready."""
    folder = upload_kept.folder_of(desk.config(), token, request.access.id)
    path = None if folder is None or kind not in upload_kept.KINDS else folder / f"stranded.{kind}"
    if path is None or not path.is_file():
        raise Http404
    return HttpResponse(path.read_bytes(), content_type=upload_kept.KINDS[kind], headers={"Content-Disposition": f'attachment; filename="{path.name}"'})


@require_POST
@page("operator")
def forget(request: Request, token: str) -> HttpResponse:
    """Delete an answer that lies ready."""
    upload_kept.forget(desk.config(), token, request.access.id)
    return gone_to("upload")
