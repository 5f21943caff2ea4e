"""The ledger's table, its head and the one function through which entries come in."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

LEDGER = """
CREATE TABLE audit_head (one boolean PRIMARY KEY DEFAULT true CHECK (one), seq bigint NOT NULL, hash bytea NOT NULL);
INSERT INTO audit_head (seq, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

-- The only way in. It runs as the owner, so no role needs the right to insert; the head row's
-- lock orders the entries, and the number has no gaps.
CREATE FUNCTION audit_append(text_of_entry text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    head public.audit_head;
    body jsonb := text_of_entry::jsonb;
    digest bytea;
BEGIN
    SELECT * INTO head FROM public.audit_head FOR UPDATE;
    digest := sha256(head.hash || convert_to(text_of_entry, 'UTF8'));
    INSERT INTO public.audit_auditentry (seq, at, actor_id, role, tag, target_kind, target_id, subjects, payload, hash)
    VALUES (head.seq + 1, (body->>'at')::timestamptz, (body->>'actor')::bigint, body->>'role', body->>'tag',
            body->>'kind', body->>'target',
            ARRAY(SELECT jsonb_array_elements_text(body->'subjects')::bigint), text_of_entry, digest);
    UPDATE public.audit_head SET seq = head.seq + 1, hash = digest;
    RETURN head.seq + 1;
END $$;

-- Even the owner cannot change or remove an entry by mistake.
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit ledger is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
"""

UNDO = """
DROP FUNCTION audit_append(text);
DROP TABLE audit_head;
DROP TRIGGER audit_no_change ON audit_auditentry;
DROP TRIGGER audit_no_truncate ON audit_auditentry;
DROP FUNCTION audit_is_append_only();
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("role", models.CharField(max_length=40)),
                ("tag", models.CharField(max_length=80)),
                ("target_kind", models.CharField(max_length=60)),
                ("target_id", models.CharField(max_length=60)),
                (
                    "subjects",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                ("payload", models.TextField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "verbose_name": "留痕",
                "indexes": [
                    models.Index(fields=["at"], name="audit_audit_at_idx"),
                    models.Index(fields=["actor_id", "seq"], name="audit_actor_idx"),
                    models.Index(fields=["tag", "seq"], name="audit_tag_idx"),
                    django.contrib.postgres.indexes.GinIndex(fields=["subjects"], name="audit_subjects"),
                ],
            },
        ),
        migrations.RunSQL(LEDGER, UNDO),
    ]
