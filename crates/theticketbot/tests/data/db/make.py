"""Writes the databases beside this file, with other programs than ours.

    python -m venv v
    v/bin/pip install theticketbot==1.0.2 apsw-sqlite3mc==3.54.0.0 sqlcipher3-binary==0.6.0
    v/bin/python make.py

original-v*.db   by the original's own migrations, stopped at that version
mc-*.db          by SQLite3 Multiple Ciphers (apsw)
sqlcipher-*.db   by SQLCipher 4.12 (sqlcipher3)

The key of every encrypted one is: it's a key
"""

import sqlite3
from pathlib import Path

import apsw
import sqlcipher3
from theticketbot.migrations import MigrationFinder, Migrations, Migrator

HERE = Path(__file__).parent
KEY = "it''s a key"

ROWS = """
INSERT INTO guild VALUES (100), (101);
INSERT INTO user VALUES (500), (501), (599);
INSERT INTO member VALUES (100, 500), (100, 501), (100, 599);
INSERT INTO channel VALUES (200, 100), (201, 100), (300, 100), (400, 100), (401, 100), (402, 100);
INSERT INTO message VALUES (300, 200);
INSERT INTO inbox (id, starter_content) VALUES (300, 'Hello $author');
INSERT INTO inbox_staff VALUES (300, '<@&7>'), (300, '<@501>'), (300, '<@&3>');
INSERT INTO ticket VALUES (400, 300, 500), (401, NULL, 500), (402, 300, NULL);
"""
LATER = {
    2: "UPDATE inbox SET default_ticket_name = '$name ${name} $named';",
    3: "UPDATE inbox SET counter = 41;",
    5: "UPDATE inbox SET destination_id = 201;",
    6: "INSERT INTO setting VALUES ('last-sync-version', '0.5.0');",
}


def fresh(name):
    path = HERE / name
    path.unlink(missing_ok=True)
    return str(path)


def original(version):
    path = fresh(f"original-v{version}.db")
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("PRAGMA page_size = 512")
    steps = MigrationFinder().discover()
    for at in range(1, version + 1):
        Migrator(conn).run_migrations(Migrations(m for m in steps if m.version <= at))
        conn.executescript(ROWS if at == 1 else LATER.get(at, ""))
    dump = "\n".join(conn.iterdump()) + f"\nPRAGMA user_version = {version};"
    conn.close()
    return dump


def encrypted(name, module, pragmas, sql="CREATE TABLE t (x); INSERT INTO t VALUES (1);"):
    path = fresh(name)
    conn = apsw.Connection(path) if module is apsw else sqlcipher3.connect(path)
    for pragma in pragmas:
        conn.execute(pragma).fetchall()
    (conn.execute if module is apsw else conn.executescript)(sql)
    conn.close()


for version in range(1, 7):
    original(version)
full = original(7)

key = f"PRAGMA key = '{KEY}'"
encrypted("mc-chacha20.db", apsw, [key])
for cipher in ["aes128cbc", "aes256cbc", "rc4", "ascon128", "aegis"]:
    encrypted(f"mc-{cipher}.db", apsw, [f"PRAGMA cipher = {cipher}", key])
encrypted(
    "mc-sqlcipher-hexkey.db",
    apsw,
    ["PRAGMA cipher = sqlcipher", "PRAGMA kdf_iter = 5120", "PRAGMA hexkey = '00ff27'"],
)
encrypted("sqlcipher-4.db", sqlcipher3, [key], full)
encrypted("sqlcipher-3.db", sqlcipher3, [key, "PRAGMA cipher_compatibility = 3"])
