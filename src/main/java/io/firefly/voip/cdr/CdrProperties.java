package io.firefly.voip.cdr;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** @param directory where the files {@code YYYY-MM-DD.jsonl} go; made when it is missing */
@ConfigurationProperties(value = "firefly.cdr", ignoreUnknownFields = false)
record CdrProperties(@DefaultValue("data/cdr") Path directory) {}
