/**
 * Event state: who published what about a resource, and who watches it.
 *
 * <p>Start with {@link io.firefly.voip.events.EventState}. It decides what a PUBLISH or SUBSCRIBE is answered and what
 * every watcher has to be told; {@link io.firefly.voip.events.Notifier} tells them. It knows no dialogs: a subscription
 * has the id of one.
 *
 * <p>Every door may be called on any thread; one lock, held for microseconds. {@code events-sweep} ends what has expired.
 * State is in memory: after a restart publishers and watchers hear 412 and 481, and begin anew, as the RFCs want it.
 * Everything has a bound; what does not fit hears 503.
 *
 * <p>RFC 6665 (SUBSCRIBE, NOTIFY), RFC 3903 (PUBLISH), RFC 3856 and 3863 (presence).
 */
@NullMarked
package io.firefly.voip.events;

import org.jspecify.annotations.NullMarked;
