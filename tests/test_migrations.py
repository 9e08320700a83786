"""Migrations that take something away are named, in the words of each tool; what only adds, or undoes, is not."""

from __future__ import annotations

import pytest

from launchready_tui.migrations import destructive, kind_of, newest, taking

RAILS, DJANGO, PRISMA = (
    "db/migrate/20261101_x.rb",
    "shop/migrations/0007_x.py",
    "prisma/migrations/20261101_x/migration.sql",
)
ALEMBIC, LARAVEL, KNEX = (
    "alembic/versions/ab12_x.py",
    "database/migrations/2026_11_01_x.php",
    "migrations/20261101_x.js",
)
DRIZZLE, PLAIN, SUPABASE = "drizzle/0003_x.sql", "migrations/007_x.sql", "supabase/migrations/20261101_x.sql"

TAKES = [
    (RAILS, "def change\n  remove_column :users, :nickname, :string\nend", "drops the column nickname"),
    (RAILS, "def up\n  drop_table :posts\nend\ndef down\n  drop_table :other\nend", "drops the table posts"),
    (RAILS, "rename_column :users, :name, :full_name", "renames the column name"),
    (RAILS, "change_column_null :users, :email, false", "makes email required"),
    (RAILS, "add_column :users, :plan, :string, null: false", "adds plan, which is required and has no default"),
    (DJANGO, "migrations.RemoveField(model_name='user', name='age')", "drops the column age"),
    (DJANGO, "migrations.RemoveField(\n    model_name='user',\n    name='age',\n)", "drops the column age"),
    (DJANGO, "migrations.DeleteModel(name='Draft')", "drops the table of Draft"),
    (DJANGO, "migrations.RenameField(model_name='user', old_name='a', new_name='b')", "renames the column a"),
    (PRISMA, 'ALTER TABLE "User" DROP COLUMN "age";', "drops the column age"),
    (PRISMA, 'ALTER TABLE "User" ADD COLUMN "plan" TEXT NOT NULL;', "adds plan, which is required and has no default"),
    (DRIZZLE, "ALTER TABLE `user` RENAME COLUMN `a` TO `b`;", "renames the column a"),
    (DRIZZLE, "DROP TABLE `old_posts`;", "drops the table old_posts"),
    (ALEMBIC, "def upgrade():\n    op.drop_column('user', 'age')\ndef downgrade():\n    pass", "drops the column age"),
    (ALEMBIC, "op.alter_column('user', 'email', nullable=False)", "makes email required"),
    (
        ALEMBIC,
        "op.add_column('user', sa.Column('plan', sa.String(), nullable=False))",
        "adds plan, which is required and has no default",
    ),
    (LARAVEL, "Schema::table('u', fn ($t) => $t->dropColumn('age'));", "drops the column age"),
    (LARAVEL, "public function up() { Schema::dropIfExists('drafts'); }", "drops the table drafts"),
    (KNEX, "exports.up = k => k.schema.dropTable('drafts');", "drops the table drafts"),
    (KNEX, "exports.up = k => k.schema.table('u', t => t.renameColumn('a', 'b'));", "renames the column a"),
    (SUPABASE, "alter table public.users alter column email set not null;", "makes email required"),
    (PLAIN, "alter table users rename to members;", "renames the table users"),
    (PLAIN, "-- migrate:down\ndrop table a;\n-- migrate:up\ndrop table b;", "drops the table b"),
    (PLAIN, "TRUNCATE TABLE sessions;", "empties the table sessions"),
]
KEEPS = [
    (RAILS, "create_table :posts do |t|\n  t.string :title, null: false\nend"),
    (RAILS, "add_column :users, :plan, :string, null: false, default: 'free'"),
    (RAILS, "def up\n  add_index :posts, :title\nend\ndef down\n  remove_column :posts, :title\nend"),
    (RAILS, "# drop_table :posts"),
    (DJANGO, "migrations.AddField(model_name='user', name='age', field=models.IntegerField(null=True))"),
    (PRISMA, 'ALTER TABLE "User" ADD COLUMN "plan" TEXT NOT NULL DEFAULT \'free\';'),
    (PRISMA, 'CREATE TABLE "Post" ("id" TEXT NOT NULL, "title" TEXT NOT NULL);'),
    (PRISMA, '-- DROP TABLE "Post";\nALTER TABLE "User" ADD COLUMN "age" INTEGER;'),
    (ALEMBIC, "def upgrade():\n    op.create_table('a')\ndef downgrade():\n    op.drop_table('a')"),
    (LARAVEL, "public function up() { Schema::create('a'); }\npublic function down() { Schema::dropIfExists('a'); }"),
    (KNEX, "exports.up = k => k.schema.createTable('a');\nexports.down = k => k.schema.dropTable('a');"),
    (KNEX, "export async function up(k) {}\nexport async function down(k) { await k.schema.dropTable('a'); }"),
    (PLAIN, "-- +goose Up\ncreate table a (id int not null);\n-- +goose Down\ndrop table a;"),
    (PLAIN, "drop table if exists a;\ncreate table a (id int);"),
    ("src/users.js", "knex.schema.dropTable('a')"),
    ("tests/drop.sql", "drop table a;"),
]


@pytest.mark.parametrize(("path", "text", "what"), TAKES)
def test_what_takes_something_away_is_named(path: str, text: str, what: str) -> None:
    assert what in destructive(path, text)


@pytest.mark.parametrize(("path", "text"), KEEPS)
def test_what_only_adds_is_not(path: str, text: str) -> None:
    assert destructive(path, text) == ()


def test_the_way_back_of_a_migration_does_not_count() -> None:
    text = "def up\n  drop_table :posts\nend\ndef down\n  drop_table :other\nend"
    assert destructive(RAILS, text) == ("drops the table posts",)


def test_the_newest_come_first_and_the_rest_is_left() -> None:
    paths = [f"db/migrate/2026{number:02d}01_x.rb" for number in range(1, 13)]
    assert newest([*paths, "README.md"], 2) == (paths[11], paths[10])
    assert newest(["m/migrations/0010_a.py", "m/migrations/0009_b.py"], 1) == ("m/migrations/0010_a.py",)
    found, count = taking(paths, lambda path: "drop_table :a" if "1201" in path else "", 5)
    assert [each.path for each in found] == [paths[11]]
    assert count == 5


@pytest.mark.parametrize("text", ["\x1b]0;x\x07" * 1_000, "DROP TABLE " * 20_000, "(" * 100_000, "\0", "ADD " * 50_000])
def test_hostile_text_ends_soon(text: str) -> None:
    for path in (RAILS, DJANGO, PRISMA, ALEMBIC, LARAVEL, KNEX, PLAIN):
        assert len(destructive(path, text)) <= 20


def test_kinds() -> None:
    kinds = [kind_of(path) for path in (RAILS, DJANGO, PRISMA, ALEMBIC, LARAVEL, KNEX, DRIZZLE, PLAIN, SUPABASE)]
    assert kinds == ["rails", "django", "prisma", "alembic", "laravel", "knex", "sql", "sql", "sql"]
    assert kind_of("shop/migrations/__init__.py") == ""
