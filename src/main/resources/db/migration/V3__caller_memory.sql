-- What the pipeline's agents remember of a caller, when firefly.caller-memory.enabled says so. Plain SQL that H2 and
-- PostgreSQL both take.
CREATE TABLE caller_memory (
    tenant_id VARCHAR(64)  NOT NULL,
    caller    VARCHAR(128) NOT NULL,
    said      VARCHAR(20000) NOT NULL, -- a line each
    kept_at   TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (tenant_id, caller)
);
CREATE INDEX caller_memory_by_age ON caller_memory (kept_at);
