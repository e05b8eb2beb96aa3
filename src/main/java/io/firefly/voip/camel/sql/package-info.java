/**
 * The database that tools may read: the bean {@code toolDatabase}, by which a route says {@code sql:} to it.
 *
 * <p>Only there when {@code firefly.tool-database.url} is set. Connections are read-only, few, and a statement has a
 * deadline; give it a user who may read and nothing else all the same.
 */
@NullMarked
package io.firefly.voip.camel.sql;

import org.jspecify.annotations.NullMarked;
