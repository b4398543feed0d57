import smtplib
from email.message import EmailMessage
from pathlib import Path

from cli.local.ports import free_ports
from cli.mail_catcher import serve


def test_every_mail_becomes_a_file_named_after_its_recipient(tmp_path: Path) -> None:
    [port] = free_ports(1)
    controller = serve(tmp_path / "mails", "127.0.0.1", port)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "support@desk.example", "ana@example.com", "Your ticket"
    mail.set_content("We have it.")
    try:
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.send_message(mail)
    finally:
        controller.stop()
    [kept] = (tmp_path / "mails").glob("*-ana@example.com.eml")
    assert b"Subject: Your ticket" in kept.read_bytes()
