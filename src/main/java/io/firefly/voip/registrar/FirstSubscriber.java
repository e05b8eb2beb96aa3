package io.firefly.voip.registrar;

import io.firefly.voip.registrar.RegistrarProperties.DevelopmentSubscriber;
import io.firefly.voip.sip.digest.DigestAlgorithm;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the login of the first minute into the database, and keeps the password everybody knows out of production. */
final class FirstSubscriber {
    private static final Logger LOG = LoggerFactory.getLogger(FirstSubscriber.class);
    private static final String DEFAULT_USER = "linphone";

    private FirstSubscriber() {}

    /** @throws IllegalStateException in production with the development password */
    static void prepare(Subscribers subscribers, RegistrarProperties settings, boolean production) {
        DevelopmentSubscriber login = settings.developmentSubscriber();
        if (production) refuseKnownPassword(subscribers, settings);
        if (!login.isWanted()) return;
        subscribers.save(login.user(), login.password());
        LOG.debug("subscriber user={} realm={} may register", login.user(), settings.realm());
    }

    private static void refuseKnownPassword(Subscribers subscribers, RegistrarProperties settings) {
        DevelopmentSubscriber login = settings.developmentSubscriber();
        if (login.isWanted() && login.hasKnownPassword()) {
            throw new IllegalStateException("firefly.registrar.development-subscriber: user '" + login.user()
                    + "' still has the password everybody knows, and the profile is prod. Set"
                    + " firefly.registrar.development-subscriber.password to one of your own, or"
                    + " firefly.registrar.development-subscriber.user to nothing. Nothing was started.");
        }
        // A data directory that was used for development carries the login into production.
        String known = DigestAlgorithm.MD5.ha1(DEFAULT_USER, settings.realm(), DevelopmentSubscriber.KNOWN_PASSWORD);
        if (known.equals(subscribers.ha1(DEFAULT_USER, DigestAlgorithm.MD5))) {
            subscribers.revoke(DEFAULT_USER);
            LOG.warn("subscriber user={} had the development password: revoked", DEFAULT_USER);
        }
    }
}
