CREATE TABLE "dossier_events" (
	"tenant" text NOT NULL,
	"dossier_code" text NOT NULL,
	"event_id" text NOT NULL,
	"fingerprint" text NOT NULL,
	"status" text NOT NULL,
	"accepted_at" timestamp with time zone DEFAULT now() NOT NULL,
	"exchange_id" bigint NOT NULL,
	"content" "bytea" NOT NULL,
	"answer" text NOT NULL,
	CONSTRAINT "dossier_events_tenant_dossier_code_event_id_pk" PRIMARY KEY("tenant","dossier_code","event_id")
);
--> statement-breakpoint
CREATE TABLE "dossiers" (
	"tenant" text NOT NULL,
	"code" text NOT NULL,
	"agency" text NOT NULL,
	"portal_code" text,
	"status" text NOT NULL,
	"procedure_code" text NOT NULL,
	"procedure_name" text,
	"origin" text NOT NULL,
	"channel" text NOT NULL,
	"unit_code" text,
	"unit_name" text NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"due_at" timestamp with time zone,
	"revision" integer,
	"fingerprint" text NOT NULL,
	"exchange_id" bigint,
	"search" text[] NOT NULL,
	"content" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "dossiers_tenant_code_pk" PRIMARY KEY("tenant","code")
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"tenant" text NOT NULL,
	"entry_id" bigint NOT NULL,
	"n" integer NOT NULL,
	"kind" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"duration_ms" integer NOT NULL,
	"outcome" text NOT NULL,
	"http_status" integer,
	"error_code" text,
	"platform_code" text,
	"evidence" "bytea",
	CONSTRAINT "attempts_tenant_entry_id_n_pk" PRIMARY KEY("tenant","entry_id","n")
);
--> statement-breakpoint
CREATE TABLE "entries" (
	"tenant" text NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "entries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"direction" text DEFAULT 'out' NOT NULL,
	"platform" text NOT NULL,
	"operation" text NOT NULL,
	"stream" text NOT NULL,
	"subject" text NOT NULL,
	"dossier_code" text,
	"client" text NOT NULL,
	"agency" text NOT NULL,
	"priority" smallint NOT NULL,
	"correlation_id" text NOT NULL,
	"accepted_at" timestamp with time zone DEFAULT now() NOT NULL,
	"payload" "bytea" NOT NULL,
	CONSTRAINT "entries_tenant_id_pk" PRIMARY KEY("tenant","id")
);
--> statement-breakpoint
CREATE TABLE "holdings" (
	"tenant" text NOT NULL,
	"platform" text NOT NULL,
	"dossier_code" text NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "holdings_tenant_platform_dossier_code_pk" PRIMARY KEY("tenant","platform","dossier_code")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"tenant" text NOT NULL,
	"client" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"status" smallint,
	"body" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_tenant_client_key_pk" PRIMARY KEY("tenant","client","key")
);
--> statement-breakpoint
CREATE TABLE "pending" (
	"tenant" text NOT NULL,
	"id" bigint NOT NULL,
	"platform" text NOT NULL,
	"operation" text NOT NULL,
	"stream" text NOT NULL,
	"position" bigint NOT NULL,
	"priority" smallint NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"next_at" timestamp with time zone DEFAULT now() NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"unknown_outcome" boolean DEFAULT false NOT NULL,
	"owner" text,
	"lease_until" timestamp with time zone,
	"fence" integer DEFAULT 0 NOT NULL,
	"error_code" text,
	"platform_code" text,
	"error_message" "bytea",
	CONSTRAINT "pending_tenant_id_pk" PRIMARY KEY("tenant","id"),
	CONSTRAINT "pending_stream_position" UNIQUE("tenant","stream","position")
);
--> statement-breakpoint
CREATE TABLE "platform_cache" (
	"tenant" text NOT NULL,
	"platform" text NOT NULL,
	"key" text NOT NULL,
	"value" jsonb NOT NULL,
	"fetched_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "platform_cache_tenant_platform_key_pk" PRIMARY KEY("tenant","platform","key")
);
--> statement-breakpoint
CREATE TABLE "settled" (
	"tenant" text NOT NULL,
	"id" bigint NOT NULL,
	"state" text NOT NULL,
	"settled_at" timestamp with time zone DEFAULT now() NOT NULL,
	"attempts" integer NOT NULL,
	"superseded_by" bigint,
	"reason" "bytea",
	CONSTRAINT "settled_tenant_id_pk" PRIMARY KEY("tenant","id")
);
--> statement-breakpoint
CREATE TABLE "audit" (
	"tenant" text NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "audit_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor_kind" text NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"detail" jsonb NOT NULL,
	"correlation_id" text NOT NULL,
	CONSTRAINT "audit_tenant_id_pk" PRIMARY KEY("tenant","id")
);
--> statement-breakpoint
CREATE TABLE "deployment_keys" (
	"tenant" text NOT NULL,
	"purpose" text NOT NULL,
	"material" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "deployment_keys_tenant_purpose_pk" PRIMARY KEY("tenant","purpose")
);
--> statement-breakpoint
CREATE TABLE "login_failures" (
	"tenant" text NOT NULL,
	"subject" text NOT NULL,
	"failures" integer NOT NULL,
	"last_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "login_failures_tenant_subject_pk" PRIMARY KEY("tenant","subject")
);
--> statement-breakpoint
CREATE TABLE "operator_sessions" (
	"tenant" text NOT NULL,
	"id_hash" text NOT NULL,
	"operator" text NOT NULL,
	"csrf" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "operator_sessions_tenant_id_hash_pk" PRIMARY KEY("tenant","id_hash")
);
--> statement-breakpoint
CREATE TABLE "used_assertions" (
	"tenant" text NOT NULL,
	"jti" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	CONSTRAINT "used_assertions_tenant_jti_pk" PRIMARY KEY("tenant","jti")
);
--> statement-breakpoint
CREATE INDEX "dossier_events_order" ON "dossier_events" USING btree ("tenant","dossier_code","exchange_id");--> statement-breakpoint
CREATE UNIQUE INDEX "dossiers_portal_code" ON "dossiers" USING btree ("tenant","portal_code");--> statement-breakpoint
CREATE INDEX "dossiers_code_prefix" ON "dossiers" USING btree ("code" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "dossiers_newest" ON "dossiers" USING btree ("tenant","received_at" DESC NULLS LAST,"code" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "dossiers_search" ON "dossiers" USING gin ("search");--> statement-breakpoint
CREATE INDEX "entries_newest" ON "entries" USING btree ("tenant","accepted_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "entries_subject" ON "entries" USING btree ("tenant","subject","id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "idempotency_keys_age" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "pending_due" ON "pending" USING btree ("tenant","platform","priority","next_at") WHERE state in ('queued', 'waiting');--> statement-breakpoint
CREATE INDEX "pending_leases" ON "pending" USING btree ("tenant","lease_until") WHERE state = 'sending';--> statement-breakpoint
CREATE INDEX "pending_failed" ON "pending" USING btree ("tenant","error_code") WHERE state = 'failed';--> statement-breakpoint
CREATE INDEX "operator_sessions_age" ON "operator_sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "used_assertions_age" ON "used_assertions" USING btree ("expires_at");