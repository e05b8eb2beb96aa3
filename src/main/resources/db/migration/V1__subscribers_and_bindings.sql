-- Who may register, and where they are now. Plain SQL that H2 and PostgreSQL both take.

CREATE TABLE subscriber (
    username   VARCHAR(128) NOT NULL,
    realm      VARCHAR(128) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (username, realm)
);

-- HA1 = hash(username:realm:password), one per algorithm (RFC 7616, RFC 8760). The password itself is never stored.
CREATE TABLE credential (
    username  VARCHAR(128) NOT NULL,
    realm     VARCHAR(128) NOT NULL,
    algorithm VARCHAR(16)  NOT NULL,
    ha1       VARCHAR(64)  NOT NULL,
    PRIMARY KEY (username, realm, algorithm),
    FOREIGN KEY (username, realm) REFERENCES subscriber (username, realm) ON DELETE CASCADE
);

-- The location service of RFC 3261 10.3. Two contact URIs can be equal without being the same text (19.1.4),
-- therefore the key is an id of our own.
CREATE TABLE binding (
    id             VARCHAR(32)   NOT NULL PRIMARY KEY,
    username       VARCHAR(128)  NOT NULL,
    realm          VARCHAR(128)  NOT NULL,
    contact_uri    VARCHAR(512)  NOT NULL,
    parameters     VARCHAR(512)  NOT NULL,
    call_id        VARCHAR(255)  NOT NULL,
    cseq           BIGINT        NOT NULL,
    expires_at     TIMESTAMP WITH TIME ZONE NOT NULL,
    flow_transport VARCHAR(8)    NOT NULL,
    flow_address   VARCHAR(64)   NOT NULL,
    flow_port      INTEGER       NOT NULL,
    FOREIGN KEY (username, realm) REFERENCES subscriber (username, realm) ON DELETE CASCADE
);

CREATE INDEX binding_by_subscriber ON binding (username, realm);
CREATE INDEX binding_by_expiry ON binding (expires_at);
