"""Mail that comes back, as mail servers and mail programs write it."""

from __future__ import annotations

from email.message import EmailMessage

OURS = "<msg_23456789ABCDEFGHJKLMNP@harbourline.example>"
NO_SUCH_USER = "550 5.1.1 User unknown"


def report(
    action: str = "failed",
    status: str = "5.1.1",
    diagnostic: str = NO_SUCH_USER,
    *,
    kind: str = "smtp; ",
    reader: str = "Ana.Lima@Example.com",
    quoted: str = OURS,
) -> bytes:
    said = f"Diagnostic-Code: {kind}{diagnostic}\r\n" if diagnostic else ""
    return (
        "From: MAILER-DAEMON@mx.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is the mail system.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {reader}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"{said}--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: {quoted}\r\nTo: {reader.lower()}\r\n--b--\r\n"
    ).encode()


def complaint(kind: str = "abuse", *, quoted: str = OURS) -> bytes:
    return (
        "From: feedback@mailbox.example\r\nSubject: Abuse report\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is an abuse report.\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\n"
        f"Feedback-Type: {kind}\r\nUser-Agent: Mailbox/1\r\nVersion: 1\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\n"
        f"Message-ID: {quoted}\r\nTo: ana.lima@example.com\r\n\r\nHello.\r\n--b--\r\n"
    ).encode()


def mail(subject: str, text: str = "Thank you.", **headers: str) -> bytes:
    made = EmailMessage()
    made["From"] = "Ana Lima <ana@example.com>"
    made["To"] = "olivia@harbourline.example"
    made["Subject"] = subject
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()
