/**
 * Tenants and agents from a database, and the minutes they use into it.
 *
 * <p>Start with {@link io.firefly.voip.tenant.sql.SqlDirectory}: the thread {@code directory-refresh} reads one version
 * number every few seconds and, when it has changed, all rows in one transaction; from them it makes the same pages that
 * the files make, by the same reader, and puts them into the same books. A call never waits for the database. Rows that
 * are wrong are named by table, row and column, and like a database that is down they leave the last good page where it
 * is. {@code RowFields} is what the reader sees of a row.
 *
 * <p>The tables are in {@code db/migration/V2__tenants_and_agents.sql}; H2 and PostgreSQL.
 */
@NullMarked
package io.firefly.voip.tenant.sql;

import org.jspecify.annotations.NullMarked;
