-- How an agent converses, where that is not as the installation is set: what a column may hold is what the field of
-- agents.yaml may hold (turn_detection_silence is silence of turn-detection); NULL is a field that was left out. Plain SQL
-- that H2 and PostgreSQL both take.
ALTER TABLE agent ADD COLUMN filler                        VARCHAR(200);
ALTER TABLE agent ADD COLUMN speed                         NUMERIC(6, 2); -- 0.25 to 1.5
ALTER TABLE agent ADD COLUMN noise_reduction               VARCHAR(16);   -- near_field, far_field, off
ALTER TABLE agent ADD COLUMN turn_detection_type           VARCHAR(16);   -- server_vad, semantic_vad
ALTER TABLE agent ADD COLUMN turn_detection_threshold      NUMERIC(6, 2); -- 0 to 1
ALTER TABLE agent ADD COLUMN turn_detection_prefix_padding VARCHAR(16);   -- 300ms
ALTER TABLE agent ADD COLUMN turn_detection_silence        VARCHAR(16);
ALTER TABLE agent ADD COLUMN turn_detection_idle_timeout   VARCHAR(16);
ALTER TABLE agent ADD COLUMN turn_detection_eagerness      VARCHAR(16);   -- auto, low, medium, high
ALTER TABLE agent ADD COLUMN protected_greeting            BOOLEAN;
ALTER TABLE agent ADD COLUMN caller_silence_after          VARCHAR(16);   -- 20s; 0s: never
ALTER TABLE agent ADD COLUMN caller_silence_prompts        INTEGER;
ALTER TABLE agent ADD COLUMN max_duration                  VARCHAR(16);   -- 10m; 0s: never
ALTER TABLE agent ADD COLUMN warn_before                   VARCHAR(16);
