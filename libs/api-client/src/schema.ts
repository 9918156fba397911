/** Made from docs/openapi.json by `node dist/tools/openapi/main.js`. Nobody edits it. */
export interface paths {
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Does the process run?
         * @description Asks nothing of anybody: a database that is away is no reason to start the process again.
         */
        get: operations["readLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics in the text format of Prometheus
         * @description The figures of the whole installation, read from the database and good for five seconds, and what this process of the API did itself. Workers serve theirs apart.
         */
        get: operations["readMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["readDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List every problem that this API answers with */
        get: operations["listProblems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what a problem means and what to do next */
        get: operations["explainProblem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Can it serve? */
        get: operations["readReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alertmanager": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take the webhook of Alertmanager
         * @description A firing alert with the labels `windlass_action="rotate"` and `fleet_id` makes the schedules of that fleet that have `startOnAlert` start their rotation, in their windows. Sent again it asks for nothing more.
         */
        post: operations["takeAlerts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the API keys */
        get: operations["listApiKeys"];
        put?: never;
        /**
         * Make an API key
         * @description One for each person and program: what they ask for is recorded under its id and label.
         */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an API key */
        delete: operations["revokeApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the audit log */
        get: operations["listAuditEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the audit log
         * @description One entry a line, oldest first, as RFC 8785 writes it. `windlass audit verify FILE` takes an export without filters.
         */
        get: operations["exportAuditEntries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/head": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where the audit chain ends
         * @description For `windlass audit verify --expect <count>:<hash>`: it finds a tail that was cut off.
         */
        get: operations["readAuditHead"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the fleets */
        get: operations["listFleets"];
        put?: never;
        /**
         * Record a fleet
         * @description With the bundle that its hosts serve today, which is judged as nginx would, and its issuing CA.
         */
        post: operations["createFleet"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleets/{fleetId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a fleet */
        get: operations["readFleet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleets/{fleetId}/clients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who comes to a fleet with which certificate
         * @description Reads the end of the clientLog of every host now. The certificates of our own probes are left out.
         */
        get: operations["listClients"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleets/{fleetId}/crls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the CRLs of a fleet */
        get: operations["listCrls"];
        /**
         * Hand in CRLs of CAs that Windlass does not ask
         * @description In the place of those that were handed in before. Hosts get them with the next rotation: start one with the strategy `refresh`.
         */
        put: operations["handInCrls"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleets/{fleetId}/drift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Which hosts are not as the fleet is recorded
         * @description Compares the managed files of every host, and what its listeners serve, with the generation last decided. In mid-rotation hosts differ by design: read the rotation then. What is seen is kept, and told of each host and fleet until the next look.
         */
        get: operations["readDrift"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleets/{fleetId}/generations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List every bundle that the fleet ever had */
        get: operations["listGenerations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleets/{fleetId}/hosts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the hosts of a fleet */
        get: operations["listHosts"];
        put?: never;
        /**
         * Enrol one host, or up to 1000 at once
         * @description One object, or `{"hosts": [...]}`, of which all are enrolled or none.
         */
        post: operations["enrolHosts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleets/{fleetId}/hosts/{hostId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a host */
        get: operations["readHost"];
        put?: never;
        post?: never;
        /**
         * Remove a host
         * @description Its files stay as they are. Refused while a rotation works on it.
         */
        delete: operations["removeHost"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleets/{fleetId}/issuing-ca": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change who signs new CAs, or what becomes of pinned roles
         * @description For this fleet and every other one of the same issuing CA. Refused while a rotation works on one of them: it ends with what it began with.
         */
        patch: operations["changeIssuingCa"];
        trace?: never;
    };
    "/v1/fleets/{fleetId}/issuing-ca/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Replace the login to the issuing CA
         * @description For this fleet and every other one of the same issuing CA; what runs goes on with it. The old one is forgotten.
         */
        put: operations["replaceCaLogin"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleets/{fleetId}/preflight": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask the hosts of a fleet what their nginx would do
         * @description Connects to every host, tests its configuration with the bundle where nobody else sees it, and lets its own OpenSSL judge the samples of the fleet and the clients given. Nothing is changed.
         */
        post: operations["preflightFleet"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleets/{fleetId}/samples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the sample clients of a fleet */
        get: operations["listSamples"];
        put?: never;
        /**
         * Record a sample client
         * @description Every rotation checks first that it gets the verdict it must get.
         */
        post: operations["addSample"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleets/{fleetId}/samples/{sampleId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Remove a sample client */
        delete: operations["removeSample"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleets/{fleetId}/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the schedules of a fleet */
        get: operations["listSchedules"];
        put?: never;
        /** Rotate, or look for drift, by itself */
        post: operations["addSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleets/{fleetId}/schedules/{scheduleId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a schedule, and what it will do when
         * @description Asks the CA how long it lives.
         */
        get: operations["readSchedule"];
        put?: never;
        post?: never;
        /** Remove a schedule */
        delete: operations["removeSchedule"];
        options?: never;
        head?: never;
        /**
         * Change a schedule
         * @description Its next tick is worked out anew. One that is suspended stays so.
         */
        patch: operations["changeSchedule"];
        trace?: never;
    };
    "/v1/fleets/{fleetId}/schedules/{scheduleId}:resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a suspended schedule start rotations again */
        post: operations["resumeSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/fleets/{fleetId}/uploaded-cas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the CAs that were uploaded for a fleet */
        get: operations["listUploadedCas"];
        put?: never;
        /**
         * Bring the next CA of a fleet whose CA is uploaded
         * @description Its certificate and one client of it. The next rotation brings it to the hosts; another one that waited is replaced. For a CA that is known the client is renewed.
         */
        post: operations["uploadCa"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/preflight": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask what nginx would do
         * @description With a bundle and clients, before anything is changed. Nothing is kept.
         */
        post: operations["ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rotations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List rotations */
        get: operations["listRotations"];
        put?: never;
        /**
         * Change what a fleet trusts
         * @description Recorded at once, and carried out by a worker. Follow it at its events. With `dryRun=true` nothing is recorded and nobody but the CA is asked, and what would be refused is refused.
         */
        post: operations["startRotation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rotations/{rotationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the whole truth about a rotation
         * @description With `wait` and If-None-Match it answers once the revision is another one, once the rotation has ended, or when the wait or the key or token is over.
         */
        get: operations["readRotation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rotations/{rotationId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the journal of a rotation
         * @description Server-sent events: `id` is the sequence of the journal entry, `event` its type, `data` the entry as JSON. Begins with the first entry, ends with `rotation.ended`. Ends also after a quarter of an hour, or with the key or token: come back with Last-Event-ID, as an EventSource does. Answers 204 when the rotation has ended and everything of it is known, so that an EventSource stops.
         */
        get: operations["followRotation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rotations/{rotationId}/evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a rotation proves, for those who were not there
         * @description Who asked, decided and approved, and why; what every host served before and after; every probe; the digest of the journal and its place in the audit chain. Written as RFC 8785 says.
         */
        get: operations["readEvidence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rotations/{rotationId}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the journal of a rotation
         * @description What happened when, without what was recorded of it: that is many times as long.
         */
        get: operations["listHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rotations/{rotationId}/hosts/{hostId}:decommission": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give up a host that the rotation waits for
         * @description The rotation ends without it and says so. What the host serves stays unknown, and no later rotation counts it in.
         */
        post: operations["decommissionHost"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rotations/{rotationId}/postmortem": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What became of a rotation, as a document for people
         * @description Markdown, made of the journal alone: what it was for and how it went, what failed first and where, what to do next, the change of trust, the hosts that something happened to, what was rolled back and how long it took, the timeline. Also of a rotation that still runs.
         */
        get: operations["readPostmortem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rotations/{rotationId}:abort": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for the way back
         * @description Refused once the fleet has decided to keep the new trust.
         */
        post: operations["abortRotation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rotations/{rotationId}:approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve as a second person that the old CA is dropped
         * @description For a fleet with `approval`. It is bound to the change of trust that `trustDiffDigest` stands for, and counts no more should that change. Whoever asked for the rotation cannot approve it.
         */
        post: operations["approveContract"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rotations/{rotationId}:override": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Drop the old CA although clients may still need it
         * @description Opens the gate that keeps a soak waiting. The clients that the rotation names under `gate` are shut out unless they renew before; the reason and who gave it are recorded.
         */
        post: operations["overrideGate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rotations/{rotationId}:pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hold a rotation
         * @description It stands still at the next place where all hosts are on one side; a switch of the fleet that is under way is carried to its end first, and until then `paused.effective` is false.
         */
        post: operations["pauseRotation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rotations/{rotationId}:resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a paused rotation go on, and try again what failed */
        post: operations["resumeRotation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rotations/{rotationId}:retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try again now what waits for its next try
         * @description For a host or a CA that is back: the pause between two tries is up to 30 seconds long.
         */
        post: operations["retryRotation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the schedules of all fleets */
        get: operations["listAllSchedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/self": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I, and what may I do */
        get: operations["readSelf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the webhooks */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Tell an endpoint of events
         * @description As CloudEvents, signed as Standard Webhooks: of what happens from now on.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a webhook */
        get: operations["readWebhook"];
        put?: never;
        post?: never;
        /** Remove a webhook with all its deliveries */
        delete: operations["removeWebhook"];
        options?: never;
        head?: never;
        /** Change a webhook, disable it or enable it again */
        patch: operations["changeWebhook"];
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the deliveries of a webhook
         * @description They are kept for 30 days.
         */
        get: operations["listWebhookDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}/deliveries/{deliveryId}:redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a delivery again
         * @description With the same id and body, and with all its tries.
         */
        post: operations["redeliverWebhookDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}:rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a webhook a new secret
         * @description For a while deliveries are signed with both, so that the receiver may change over without losing one. A secret that leaked is gone at once with `overlapSeconds` 0.
         */
        post: operations["rotateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhookId}:test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a webhook a test event
         * @description Once, whatever it listens to, and also while it is disabled. The log of deliveries shows how it went.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An access key of AWS; null for the role of the machine that Windlass runs on. */
        AccessKey: {
            /** @example AKIAIOSFODNN7EXAMPLE */
            id: string;
            secret: string;
        } | null;
        AlertOutcomes: {
            /** @description One for each alert, in its order. */
            items: {
                fingerprint: string;
                /**
                 * @description asked: a schedule starts its rotation now, or when its window opens. asked-before: this very alert did so already.
                 * @enum {string}
                 */
                outcome: "asked" | "asked-before" | "ignored";
                /** @description In words. */
                because: string;
            }[];
        };
        /** @description The body of a `webhook_config` of Alertmanager; what is not named here is not looked at. */
        AlertmanagerWebhook: {
            /** @constant */
            version: "4";
            alerts: ({
                /** @enum {string} */
                status: "firing" | "resolved";
                labels: {
                    [key: string]: string;
                };
                /** Format: date-time */
                startsAt: string;
                fingerprint: string;
            } & {
                [key: string]: unknown;
            })[];
        } & {
            [key: string]: unknown;
        };
        /** @description A CA whose clients are let in. */
        Anchor: {
            /** @description As a `distrust` names it: subject key identifier, or SHA-256 where it has none; lower-case hex. */
            id: string;
            subject: string;
            /** Format: date-time */
            notAfter: string;
        };
        /** @description A key of this API, without its text. */
        ApiKey: {
            /** Format: uuid */
            id: string;
            /**
             * @description `viewer` reads. `operator` reads and changes everything but what follows. `approver` reads, and approves contracts. `admin` does all of that, and makes keys and webhooks.
             * @enum {string}
             */
            role: "viewer" | "operator" | "approver" | "admin";
            label: string;
            /** @description The fleets that it is confined to; null: all, those to come among them, and what belongs to none, such as keys. */
            fleetIds: string[] | null;
            /** @description Who the journal names for it: issuer and subject. Null: the key itself. */
            person: string | null;
            /** Format: date-time */
            createdAt: string;
            expiresAt: string | null;
            /** @description To the minute. */
            lastUsedAt: string | null;
            /** @description Since when it opens nothing. */
            revokedAt: string | null;
        };
        /** @description A login of a machine to Vault. */
        AppRole: {
            /**
             * @description Path of the auth method below auth/.
             * @default approle
             */
            mount?: string;
            roleId: string;
            secretId?: string;
            /** @description A wrapping token (vault write -wrap-ttl=10m -f auth/approle/role/<role>/secret-id). It is opened once, at this request; one that was opened before is refused. */
            wrappedSecretId?: string;
        };
        /** @description Of what somebody approves. */
        Approve: {
            /** @description `generations.trustDiffDigest` of the rotation, as it was looked at. */
            trustDiffDigest: string;
        };
        /** @description One link of the audit chain. */
        AuditEntry: {
            /** @description 1, 2, 3, ... without gaps. */
            number: number;
            /** Format: uuid */
            id: string;
            /** Format: date-time */
            at: string;
            /**
             * @description `intent`: before a request takes effect. `outcome`: how it ended; `details.intent` is the number of its intent. `event`: what Windlass did by itself.
             * @enum {string}
             */
            stage: "intent" | "outcome" | "event";
            actor: string;
            actorLabel: string | null;
            actorRole: string | null;
            /** @description The operationId of the route, or what Windlass did by itself. */
            operation: string;
            subjects: string[];
            /** @description As in X-Request-Id and in the log. */
            requestId: string | null;
            reason: string | null;
            /** @description Where the request came from, as the server saw it. */
            address: string | null;
            /** @description Null for an intent. */
            outcome: ("succeeded" | "refused" | "failed") | null;
            details: {
                [key: string]: string | number | boolean | null | string[];
            };
            /** @description Hash of the entry before; zeros for the first. */
            previousHash: string;
            /** @description Hex SHA-256 of the entry without this field, as RFC 8785 writes it. */
            hash: string;
        };
        /** @description Where the audit chain ends. Keep it elsewhere. */
        AuditHead: {
            /** @description How many entries there are. */
            count: number;
            /** @description Hash of the last. */
            hash: string;
        };
        AwsIssuingCa: {
            /** @constant */
            kind: "aws-pca";
            /** Format: uuid */
            id: string;
            /** @example eu-central-1 */
            region: string;
            /**
             * @description Account that owns the CAs.
             * @example 123456789012
             */
            account: string;
            /**
             * @description The CAs with the tag windlass-group of this value take turns.
             * @example clients
             */
            group: string;
            endpoint: string | null;
            /** @description Id of the access key; null where Windlass uses the role of its machine. */
            accessKeyId: string | null;
        };
        /** @description How Windlass logs in to the CA from now on: to Vault by token or appRole, to AWS by accessKey. */
        CaLogin: {
            token?: string;
            appRole?: components["schemas"]["AppRole"];
            accessKey?: components["schemas"]["AccessKey"];
        };
        /** @description How the CAs of a Vault are made and followed from the next rotation on. */
        CaWays: {
            /** @description Who signs the CAs that rotations make; null: each is a root. Left out: as recorded before, else null. */
            signedBy?: components["schemas"]["ParentIssuer"] | null;
            /**
             * @description What becomes of roles whose issuer_ref names the old issuer: `refuse` the rotation, or `move` them with the default. Left out: as recorded before, else `refuse`.
             * @enum {string}
             */
            pinnedRoles?: "refuse" | "move";
        };
        CreatedApiKey: {
            /** Format: uuid */
            id: string;
            /**
             * @description `viewer` reads. `operator` reads and changes everything but what follows. `approver` reads, and approves contracts. `admin` does all of that, and makes keys and webhooks.
             * @enum {string}
             */
            role: "viewer" | "operator" | "approver" | "admin";
            label: string;
            /** @description The fleets that it is confined to; null: all, those to come among them, and what belongs to none, such as keys. */
            fleetIds: string[] | null;
            /** @description Who the journal names for it: issuer and subject. Null: the key itself. */
            person: string | null;
            /** Format: date-time */
            createdAt: string;
            expiresAt: string | null;
            /** @description To the minute. */
            lastUsedAt: string | null;
            /** @description Since when it opens nothing. */
            revokedAt: string | null;
            /** @description Shown this once; only its hash is kept. */
            key: string;
        };
        CreatedFleet: {
            /** Format: uuid */
            id: string;
            name: string;
            soakSeconds: number;
            /** @enum {string} */
            contractWhen: "unused" | "soaked";
            /** @enum {string} */
            approval: "none" | "contract";
            clientLog: string | null;
            generationMarker: boolean;
            /** @enum {string} */
            revocation: "none" | "crl";
            canaryHosts: number;
            caTtlSeconds: number;
            issuingCa: components["schemas"]["IssuingCa"];
            generation: components["schemas"]["Generation"];
            /** @description Of that generation, without its marker. */
            anchors: components["schemas"]["Anchor"][];
            /** @description When the first of the anchors ends. */
            expiresAt: string | null;
            hostCount: number;
            drift: components["schemas"]["FleetDriftSummary"];
            /** @description When a schedule is expected to rotate it, as far as that can be told without asking the CA: by the newest anchor, the windows, and as if nothing held it. Null where no enabled schedule will. */
            nextRotation: components["schemas"]["NextRotation"] | null;
            /** @description The one that has not ended. */
            rotation: components["schemas"]["RunningRotation"] | null;
            lastRotatedAt: string | null;
            /** @description When a fire drill succeeded last. */
            lastRehearsedAt: string | null;
            /** @description Anchors that a `distrust` took from the fleet: by subject key identifier, or SHA-256 where they have none. */
            distrusted: {
                anchor: string;
                /** Format: uuid */
                rotationId: string;
            }[];
            /** Format: date-time */
            createdAt: string;
            /** @description What works in the bundle and should be known. */
            warnings: components["schemas"]["Finding"][];
        };
        /** @description Written once, before its first effect. */
        Decision: {
            /** @enum {string} */
            kind: "go" | "refuse" | "keep" | "revert" | "activate" | "contract";
            /** @enum {string} */
            transition?: "expand" | "refresh" | "contract";
            attempt: number;
            /** @description 0 is the canary wave. */
            wave?: number;
            because: string;
            /** Format: date-time */
            at: string;
        };
        /** @description A host that a person gave up: what it serves is unknown. */
        DecommissionedHost: {
            /** Format: uuid */
            hostId: string;
            host: string;
            by: string;
            because: string;
            /** Format: date-time */
            at: string;
        };
        /** @description In the order in which they were given. */
        EnrolledHosts: {
            hosts: components["schemas"]["Host"][];
        };
        /** @description All that the journal of a rotation proves. The same bytes for an ended rotation, each time. */
        Evidence: {
            /** @constant */
            format: "windlass-evidence/1";
            rotationId: string;
            /** @description What was fixed when it was asked for: hosts, waves, old generation, who, why. */
            snapshot: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            requestedAt: string;
            /** @enum {string} */
            status: "pending" | "running" | "paused" | "blocked" | "succeeded" | "reverted" | "refused" | "cancelled";
            ended: {
                status: string;
                because: string;
                /** Format: date-time */
                at: string;
            } | null;
            phases: {
                /** @description Of the journal entry. */
                sequence: number;
                /** Format: date-time */
                at: string;
                /** @enum {string} */
                phase: "preflight" | "stage" | "expand" | "activate" | "soak" | "contract" | "done";
            }[];
            decisions: {
                /** @description Of the journal entry. */
                sequence: number;
                /** Format: date-time */
                at: string;
                decision: {
                    [key: string]: unknown;
                };
                because: string;
            }[];
            /** @description What somebody wanted of it: pauses (those of Windlass itself too), approvals, overrides, hosts given up. */
            wishes: {
                /** @description Of the journal entry. */
                sequence: number;
                /** Format: date-time */
                at: string;
                wish: string;
                by: string;
                because: string | null;
                hostId: string | null;
                /** @description Of the change of trust that was approved of. */
                digest: string | null;
            }[];
            /** @description At the CA, and on our own records: generations, trust diff, samples. */
            fleet: components["schemas"]["EvidenceStep"][];
            hosts: {
                hostId: string;
                name: string;
                decommissioned: boolean;
                steps: components["schemas"]["EvidenceStep"][];
            }[];
            failures: {
                /** @description Of the journal entry. */
                sequence: number;
                /** Format: date-time */
                at: string;
                effectId: string;
                reason: {
                    [key: string]: unknown;
                };
                transient: boolean;
            }[];
            /** @description SHA-256 of the journal that this was read from. */
            journal: {
                entries: number;
                digest: string;
            };
            /** @description The entry of the audit chain that has the digest of the journal; null while the rotation runs, and for one that ended before there was a chain. */
            audit: components["schemas"]["AuditEntry"] | null;
        };
        /** @description Something that was done, and what came of it as it was journalled: `digest` of the managed files, `configDigest` of what nginx -T printed, `probes` as transcript. */
        EvidenceStep: {
            /** @description Of the journal entry. */
            sequence: number;
            /** Format: date-time */
            at: string;
            effectId: string;
            result: {
                [key: string]: unknown;
            };
        };
        /**
         * @example {
         *       "pointer": "#/soakSeconds",
         *       "detail": "must be 0 at least"
         *     }
         */
        FieldFault: {
            /** @description JSON pointer (RFC 6901, as a URI fragment) into the body. */
            pointer?: string;
            /** @description Name of the query parameter at fault. */
            parameter?: string;
            detail: string;
        };
        /**
         * @description What is wrong with a trust bundle: the certificate, its line, and what to do.
         * @example {
         *       "code": "anchor.leaf",
         *       "severity": "error",
         *       "message": "certificate 1 (line 1, CN=laptop) is no CA: it says CA:false",
         *       "nextStep": "put the certificate of the CA that issues your clients in its place"
         *     }
         */
        Finding: {
            code: string;
            /** @enum {string} */
            severity: "error" | "warning";
            message: string;
            nextStep: string;
        };
        Fleet: {
            /** Format: uuid */
            id: string;
            name: string;
            soakSeconds: number;
            /** @enum {string} */
            contractWhen: "unused" | "soaked";
            /** @enum {string} */
            approval: "none" | "contract";
            clientLog: string | null;
            generationMarker: boolean;
            /** @enum {string} */
            revocation: "none" | "crl";
            canaryHosts: number;
            caTtlSeconds: number;
            issuingCa: components["schemas"]["IssuingCa"];
            generation: components["schemas"]["Generation"];
            /** @description Of that generation, without its marker. */
            anchors: components["schemas"]["Anchor"][];
            /** @description When the first of the anchors ends. */
            expiresAt: string | null;
            hostCount: number;
            drift: components["schemas"]["FleetDriftSummary"];
            /** @description When a schedule is expected to rotate it, as far as that can be told without asking the CA: by the newest anchor, the windows, and as if nothing held it. Null where no enabled schedule will. */
            nextRotation: components["schemas"]["NextRotation"] | null;
            /** @description The one that has not ended. */
            rotation: components["schemas"]["RunningRotation"] | null;
            lastRotatedAt: string | null;
            /** @description When a fire drill succeeded last. */
            lastRehearsedAt: string | null;
            /** @description Anchors that a `distrust` took from the fleet: by subject key identifier, or SHA-256 where they have none. */
            distrusted: {
                anchor: string;
                /** Format: uuid */
                rotationId: string;
            }[];
            /** Format: date-time */
            createdAt: string;
        };
        /** @description Client certificates that the hosts accepted, by their logs. */
        FleetClients: {
            items: {
                subject: string;
                /** @description The CA in the bundle, or an intermediate of it. */
                issuer: string;
                serial: string;
                requests: number;
                /** Format: date-time */
                lastSeen: string;
                hosts: string[];
            }[];
            hosts: {
                host: string;
                /** @description Since when it tells of its clients. */
                since: string | null;
                /** @description Why it does not tell of all of them. */
                unknown: string | null;
            }[];
        };
        /** @description Every anchor of a fleet, and its CRL. */
        FleetCrls: {
            items: {
                /** @description Subject key identifier of the anchor, in hex. */
                anchor: string;
                subject: string;
                /** @description In the generation last decided. */
                served: {
                    /** Format: date-time */
                    thisUpdate: string;
                    /** @description From then on its clients are refused. */
                    nextUpdate: string | null;
                    /** @description How many certificates it revokes. */
                    revoked: number;
                } | null;
                /** @description By a person; the newer of this and the one of the CA is taken. */
                handedIn: {
                    /** Format: date-time */
                    thisUpdate: string;
                    /** @description From then on its clients are refused. */
                    nextUpdate: string | null;
                    /** @description How many certificates it revokes. */
                    revoked: number;
                } | null;
            }[];
        };
        /** @description Every host against what the fleet is recorded to serve. */
        FleetDrift: {
            items: {
                hostId: string;
                host: string;
                /**
                 * @description unknown: it could not be asked.
                 * @enum {string}
                 */
                state: "in-sync" | "drifted" | "unknown";
                files: {
                    path: string;
                    /** @description Hex SHA-256; null where it cannot be read. */
                    digest: string | null;
                }[];
                listeners: {
                    listener: string;
                    /** @description Whether it shows the marker of the generation; null where that cannot be told. */
                    serves: boolean | null;
                }[];
                problems: {
                    code: string;
                    message: string;
                    nextStep: string;
                }[];
            }[];
            /** @description Every host was asked, and is as the fleet is recorded. */
            inSync: boolean;
            generation: {
                id: string;
                number: number;
                digest: string;
            };
        };
        /** @description By the last look at each host. */
        FleetDriftSummary: {
            /**
             * @description drifted: a host is. unknown: of a host it is not known, or there is none.
             * @enum {string}
             */
            state: "in-sync" | "drifted" | "unknown";
            /** @description When a host was looked at last. */
            checkedAt: string | null;
            inSync: number;
            drifted: number;
            /** @description Hosts that could not be asked, or not since the fleet serves this generation. */
            unknown: number;
        };
        /** @description What the nginx of every host would do with these clients and this bundle. */
        FleetPreflight: {
            items: {
                client: string;
                /** @enum {string} */
                expect: "accepted" | "refused";
                /** @enum {string} */
                verdict: "accepted" | "refused";
                /** @description OpenSSL's sentence; null for one that is accepted. */
                cause: string | null;
                /** @description Why it is refused and should not be, in plain words. */
                reasons: {
                    what: string;
                    nextStep: string;
                }[];
                /** @description The smallest change after which it is accepted; null when none was found. */
                advice: string[] | null;
                /** @description Host, file and line of the server with these settings. */
                where: string;
            }[];
            /** @description No finding is an error, and every verdict is the one expected. */
            passed: boolean;
            findings: components["schemas"]["Finding"][];
            change: {
                /** @example +1 -1 anchors: added CN=new; removed CN=old */
                anchors: string;
                /** @description How many of the clients get in everywhere then. */
                accepted: number;
                /** @description Clients that get in today, and then no longer. */
                lost: string[];
                /** @description Clients that get in then, and do not today. */
                gained: string[];
            } | null;
            hosts: components["schemas"]["PreflightHost"][];
            /** @description Whose OpenSSL gave the verdicts: that of a host with the settings of each kind. */
            verifiedBy: string[];
        };
        /** @description What keeps the old CA until nobody needs it. */
        Gate: {
            /** @description Null before it was judged. */
            open: boolean | null;
            /** @example 2 clients may still use CN=Old: CN=pos, CN=app */
            because: string | null;
            /** @description When it opens by itself if nothing changes. */
            opensAt: string | null;
            judgedAt: string | null;
            /** @description Who may still need the old CA, the first of them. */
            users: {
                name: string;
                serial: string;
                /** @description When its certificate ends, as the CA has it. */
                until: string | null;
                /** @description When a host saw it last. */
                lastSeen: string | null;
            }[];
            /** @description How many may still need it: certificates, or clients seen. */
            count: number;
            override: {
                by: string;
                /** Format: date-time */
                at: string;
                because: string;
            } | null;
        };
        /** @description A numbered, immutable trust bundle. */
        Generation: {
            /** Format: uuid */
            id: string;
            /** @description 1, 2, 3, ... within the fleet. */
            number: number;
            /** @description Hex SHA-256 of the bundle as it lies on the hosts. */
            digest: string;
            /** @description Common name of its marker; null for a bundle that came from outside. */
            marker: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        GenerationRef: {
            /** Format: uuid */
            id: string;
            number: number;
            digest: string;
            marker: string | null;
        };
        /** @description The bundles of one fleet before, during and after. */
        Generations: {
            old: components["schemas"]["GenerationRef"];
            overlap: components["schemas"]["GenerationRef"] | null;
            new: components["schemas"]["GenerationRef"] | null;
            /** @example +1 -1 anchors: added CN=new; removed CN=old; samples: 12 accepted, 1 will be refused: pos */
            trustDiff: string | null;
            /** @description Hex SHA-256 of all that is shown of the change, of all fleets of the rotation together: what an approval is bound to. */
            trustDiffDigest: string | null;
            /**
             * @description Whose OpenSSL judged the samples: that of a host with the settings of each kind.
             * @example [
             *       "OpenSSL 3.0.17 1 Jul 2025 of edge-1"
             *     ]
             */
            verifiedBy: string[] | null;
        };
        HandedInCrls: {
            /**
             * @description PEM, one block for each CRL; those of CAs that Windlass asks by itself may be left out.
             * @example -----BEGIN X509 CRL-----
             *     MIIB...
             *     -----END X509 CRL-----
             */
            crlsPem: string;
        };
        /** @description One entry of the journal of a rotation. */
        HistoryEntry: {
            /** @description Its place in the journal: 1, 2, 3, ... */
            sequence: number;
            /** Format: date-time */
            at: string;
            /** @example decision.made */
            type: string;
            /** @description What was recorded, without secrets; with `fields=all`. */
            event?: {
                [key: string]: unknown;
            };
        };
        Host: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            fleetId: string;
            name: string;
            address: string;
            port: number;
            user: string;
            /** @enum {string} */
            login: "key" | "agent";
            hostKey: string;
            jump: components["schemas"]["JumpHost"] | null;
            managedPaths: string[];
            nginxBinary: string;
            nginxArguments: string[];
            reloadCommand: string[];
            /** @enum {string} */
            access: "root" | "installed";
            probeTargets: components["schemas"]["ProbeTarget"][];
            /** Format: date-time */
            createdAt: string;
            /** @description When the host was taken out of the fleet; no rotation counts it in from then on. */
            decommissionedAt: string | null;
            /** @description By the last look for drift, or the last rotation; null: nobody ever looked. */
            observed: components["schemas"]["ObservedHost"] | null;
        };
        IssuingCa: components["schemas"]["VaultIssuingCa"] | components["schemas"]["UploadIssuingCa"] | components["schemas"]["AwsIssuingCa"];
        JumpHost: {
            address: string;
            port: number;
            user: string;
            /** @enum {string} */
            login: "key" | "agent";
            hostKey: string;
        };
        /** @description Open while the clock on the wall shows a time in it. */
        MaintenanceWindow: {
            /**
             * @description On which it begins.
             * @default [
             *       "sun",
             *       "mon",
             *       "tue",
             *       "wed",
             *       "thu",
             *       "fri",
             *       "sat"
             *     ]
             */
            days?: ("sun" | "mon" | "tue" | "wed" | "thu" | "fri" | "sat")[];
            from: string;
            /** @description Not in it. Not behind `from`: on the day after. */
            to: string;
        };
        /** @description A schedule with the name of its fleet. */
        NamedSchedule: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            fleetId: string;
            /** @enum {string} */
            kind: "rotate" | "drift" | "refresh";
            rotateWhenDaysLeft: number | null;
            rotateWhenHoursLeft: number | null;
            rotateAtLifetimePercent: number | null;
            rotateEachTime: boolean;
            cron: string;
            timeZone: string;
            windows: {
                days: ("sun" | "mon" | "tue" | "wed" | "thu" | "fri" | "sat")[];
                from: string;
                to: string;
            }[];
            jitterSeconds: number;
            repair: boolean;
            startOnAlert: boolean;
            enabled: boolean;
            /** @description When it looks next; null while disabled. */
            nextTickAt: string | null;
            lastTickAt: string | null;
            /** @description What the last tick found. */
            lastOutcome: string | null;
            /** @description What the last look for drift found. */
            lastDrift: {
                /** Format: date-time */
                at: string;
                inSync: boolean;
                generation: number;
                hosts: number;
                /** @description The hosts that are not in sync. */
                out: {
                    /** Format: uuid */
                    hostId: string;
                    host: string;
                    /**
                     * @description unknown: it could not be asked.
                     * @enum {string}
                     */
                    state: "drifted" | "unknown";
                    problems: components["schemas"]["Reason"][];
                }[];
            } | null;
            /** @description When an alert asked for a rotation that was not started yet. */
            alertedAt: string | null;
            /** @description Why it starts nothing more by itself. */
            suspended: {
                /** Format: date-time */
                since: string;
                /** Format: uuid */
                rotationId: string;
                reason: components["schemas"]["Reason"];
            } | null;
            /** @description Who let it go on the last time. */
            resumed: {
                /** Format: date-time */
                at: string;
                by: string;
                reason: string;
            } | null;
            /** Format: date-time */
            createdAt: string;
            fleetName: string;
        };
        NewApiKey: {
            /**
             * @description `viewer` reads. `operator` reads and changes everything but what follows. `approver` reads, and approves contracts. `admin` does all of that, and makes keys and webhooks.
             * @enum {string}
             */
            role: "viewer" | "operator" | "approver" | "admin";
            /**
             * @description Whose it is; no other key that is not revoked may have it.
             * @example ana
             */
            label: string;
            /**
             * @description The fleets that it is confined to; null: all, those to come among them, and what belongs to none, such as keys.
             * @default null
             */
            fleetIds?: string[] | null;
            /**
             * @description From then on it opens nothing; null: never.
             * @default null
             * @example 2027-06-30T00:00:00Z
             */
            expiresAt?: string | null;
            /**
             * @description `sub` of the tokens that its holder has too: with either they are one person, who cannot approve what they asked for with the other.
             * @default null
             */
            subject?: string | null;
        };
        /** @description A group of CAs in AWS Private CA. */
        NewAwsIssuingCa: {
            /** @constant */
            kind: "aws-pca";
            /** @example eu-central-1 */
            region: string;
            /**
             * @description Account that owns the CAs.
             * @example 123456789012
             */
            account: string;
            /**
             * @description The CAs with the tag windlass-group of this value take turns.
             * @example clients
             */
            group: string;
            /**
             * @description Base address in the place of the region's own, such as that of a VPC endpoint.
             * @default null
             */
            endpoint?: string | null;
            accessKey?: components["schemas"]["AccessKey"];
        };
        NewFleet: {
            /** @example edge */
            name: string;
            /**
             * @description Seconds that the fleet trusts the old and the new CA, so that clients can renew.
             * @default 86400
             */
            soakSeconds?: number;
            /**
             * @description When the old CA may be dropped: `unused` once the CA knows of no certificate of it that is still valid (or a person overrides that), and not before the soak is over; `soaked` once the soak is over, whoever still uses it.
             * @default unused
             * @enum {string}
             */
            contractWhen?: "unused" | "soaked";
            /**
             * @description Before what a second person has to approve: `contract`, before the old CA is dropped, by another API key than the one that asked for the rotation.
             * @default none
             * @enum {string}
             */
            approval?: "none" | "contract";
            /**
             * @description Access log that names the clients, on every host. Given, the gate also opens when no host has seen a client of the old CA for soakSeconds.
             * @default null
             * @example /var/log/nginx/clients.log
             */
            clientLog?: string | null;
            /**
             * @description Whether each generation carries a certificate of its own that lets nobody in. It shows from outside which generation is served, and ends the TLS sessions of the one before. Without it neither can be told, and a rotation to a CA of the same name is refused where sessions outlast a reload.
             * @default true
             */
            generationMarker?: boolean;
            /**
             * @description `crl`: the hosts refuse clients that their CA revoked. Each generation holds the CRL of each of its anchors, and `ssl_crl` names a managed path in every server, as `ssl_client_certificate` does; the bundle given here holds the CRLs of today as well.
             * @default none
             * @enum {string}
             */
            revocation?: "none" | "crl";
            /**
             * @description Hosts of the first wave.
             * @default 1
             */
            canaryHosts?: number;
            /**
             * @description Lifetime in seconds of the CA that a rotation creates.
             * @default 31536000
             */
            caTtlSeconds?: number;
            issuingCa: components["schemas"]["NewIssuingCa"];
            /**
             * @description The client-CA bundle that the hosts serve today, byte for byte.
             * @example -----BEGIN CERTIFICATE-----
             *     MIIB...
             *     -----END CERTIFICATE-----
             */
            bundlePem: string;
        };
        NewFleetPreflight: {
            /**
             * @description The bundle as it would lie on the hosts; left out: the one that lies there.
             * @default null
             */
            bundlePem?: string | null;
            /**
             * @description Beside the samples of the fleet.
             * @default []
             */
            clients?: {
                /** @example billing batch job */
                name: string;
                /**
                 * @description Its certificate, and behind it the intermediates that it sends. Keys are passed over.
                 * @example -----BEGIN CERTIFICATE-----
                 *     MIIB...
                 *     -----END CERTIFICATE-----
                 */
                certificatePem: string;
                /**
                 * @default accepted
                 * @enum {string}
                 */
                expect?: "accepted" | "refused";
            }[];
            /**
             * @description CA certificates to look for advice in, such as all that your PKI has.
             * @default
             */
            knownPem?: string;
        };
        NewHost: {
            /** @example edge-1 */
            name: string;
            address: string;
            /** @default 22 */
            port?: number;
            user: string;
            /**
             * @description key: by privateKey. agent: by the keys that the SSH agent of the workers holds; none is stored.
             * @default key
             * @enum {string}
             */
            login?: "key" | "agent";
            privateKey?: string;
            /** @description Public key of the host, in the form of OpenSSH. Any other key is refused before we log in. In its place, knownHosts. */
            hostKey?: string;
            /**
             * @description Text of a known_hosts file, in place of hostKey: the line is taken that names address and port, hashed or not.
             * @example edge-1.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDPj+pCKz6lnnGvueARL6OmtTTRyCEp3jgTV/WixbpD/
             */
            knownHosts?: string;
            /**
             * @description Which key of known_hosts is pinned; needed where there are several types.
             * @enum {string}
             */
            hostKeyAlgorithm?: "ssh-ed25519" | "ecdsa-sha2-nistp256" | "ecdsa-sha2-nistp384" | "ecdsa-sha2-nistp521";
            /** @description By way of what the host is reached; null: directly. */
            jump?: components["schemas"]["NewJumpHost"] | null;
            /** @description The client-CA bundles that Windlass switches. Every other file stays untouched. */
            managedPaths: string[];
            /** @default nginx */
            nginxBinary?: string;
            /**
             * @description What nginx is always given there, word by word, such as ["-p", "/opt/nginx"].
             * @default []
             */
            nginxArguments?: string[];
            /**
             * @description What reloads nginx there, word by word and without a shell; empty for SIGHUP to its master.
             * @default []
             */
            reloadCommand?: string[];
            /**
             * @description root: the user may do what the host program does. installed: an administrator ran what "windlass host installer" prints; then paths, nginx and reload are those that it was given.
             * @default root
             * @enum {string}
             */
            access?: "root" | "installed";
            probeTargets: components["schemas"]["NewProbeTarget"][];
        };
        /** @description All of them are enrolled, or none. */
        NewHosts: {
            hosts: components["schemas"]["NewHost"][];
            /**
             * @description Text of a known_hosts file for all hosts that bring no key themselves.
             * @example edge-1.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDPj+pCKz6lnnGvueARL6OmtTTRyCEp3jgTV/WixbpD/
             */
            knownHosts?: string;
        };
        /** @description Who issues the certificates of clients. */
        NewIssuingCa: components["schemas"]["NewVaultIssuingCa"] | components["schemas"]["NewUploadIssuingCa"] | components["schemas"]["NewAwsIssuingCa"];
        /** @description An SSH server that passes the connection on, with a login and a pinned key of its own. */
        NewJumpHost: {
            address: string;
            /** @default 22 */
            port?: number;
            user: string;
            /**
             * @description key: by privateKey. agent: by the keys that the SSH agent of the workers holds; none is stored.
             * @default key
             * @enum {string}
             */
            login?: "key" | "agent";
            privateKey?: string;
            /** @description Public key of the host, in the form of OpenSSH. Any other key is refused before we log in. In its place, knownHosts. */
            hostKey?: string;
            /**
             * @description Text of a known_hosts file, in place of hostKey: the line is taken that names address and port, hashed or not.
             * @example edge-1.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDPj+pCKz6lnnGvueARL6OmtTTRyCEp3jgTV/WixbpD/
             */
            knownHosts?: string;
            /**
             * @description Which key of known_hosts is pinned; needed where there are several types.
             * @enum {string}
             */
            hostKeyAlgorithm?: "ssh-ed25519" | "ecdsa-sha2-nistp256" | "ecdsa-sha2-nistp384" | "ecdsa-sha2-nistp521";
        };
        NewPreflight: {
            /**
             * @description ssl_client_certificate, as it would lie on the hosts.
             * @example -----BEGIN CERTIFICATE-----
             *     MIIB...
             *     -----END CERTIFICATE-----
             */
            bundlePem: string;
            /**
             * @description The bundle of today: given, the reply tells what changes.
             * @default null
             */
            beforePem?: string | null;
            /**
             * @description ssl_trusted_certificate, which nginx trusts for clients as well.
             * @default
             */
            trustedPem?: string;
            /**
             * @description ssl_crl; empty when not set.
             * @default
             */
            crlPem?: string;
            /**
             * @description ssl_verify_depth.
             * @default 1
             */
            depth?: number;
            /**
             * @description OpenSSL's, such as @SECLEVEL in ssl_ciphers; Debian's default is 2.
             * @default 2
             */
            securityLevel?: number;
            /**
             * @description From 1.27.2 on nginx reads bundles and CRLs in another way.
             * @default 1.22.1
             */
            nginxVersion?: string;
            clients: {
                /** @example billing batch job */
                name: string;
                /**
                 * @description Its certificate, and behind it the intermediates that it sends. Keys are passed over.
                 * @example -----BEGIN CERTIFICATE-----
                 *     MIIB...
                 *     -----END CERTIFICATE-----
                 */
                certificatePem: string;
                /**
                 * @default accepted
                 * @enum {string}
                 */
                expect?: "accepted" | "refused";
            }[];
            /**
             * @description CA certificates to look for advice in, such as all that your PKI has.
             * @default
             */
            knownPem?: string;
        };
        /** @description A listener of the host that asks for client certificates. */
        NewProbeTarget: {
            address: string;
            port: number;
            /**
             * @description TLS SNI; null sends none, and then the default server of nginx decides.
             * @default null
             */
            serverName?: string | null;
            /** @default / */
            path?: string;
        };
        NewRotation: {
            /** Format: uuid */
            fleetId: string;
            /**
             * @description The further fleets that trust the same issuing CA. It switches for all of them, so all must be named.
             * @default []
             */
            together?: string[];
            /**
             * @description `overlap`: to a new CA, old and new trusted meanwhile. `replace`: to `bundlePem` in one switch. `distrust`: without `anchors`, at once on every host that can be reached, and for good. `sync`: every host to the bundle that is recorded. `rehearse`: a fire drill with a canary CA. `refresh`: the CRLs of now, for a fleet that checks revocation.
             * @default overlap
             * @enum {string}
             */
            strategy?: "overlap" | "replace" | "distrust" | "sync" | "rehearse" | "refresh";
            /** @description For `replace`: every CA certificate that is trusted then. */
            bundlePem?: string;
            /** @description For `replace`: distrusted anchors that are to come back. */
            retrust?: string[];
            /** @description For `distrust`: subject key identifiers of the anchors that go, in hex; the SHA-256 of one that has none. */
            anchors?: string[];
            /**
             * @description Why, for those who read it later.
             * @default
             */
            reason?: "" | string;
        };
        NewSample: {
            /** @example billing batch job */
            name: string;
            /**
             * @example -----BEGIN CERTIFICATE-----
             *     MIIB...
             *     -----END CERTIFICATE-----
             */
            certificatePem: string;
            /**
             * @description Intermediates that the client sends; empty when it sends none.
             * @default
             */
            chainPem?: string;
            /** @description Given, the sample is used in probes of the listeners too. */
            privateKey?: string | null;
            /**
             * @description The verdict that it must get from the fleet as it is trusted today.
             * @enum {string}
             */
            expect: "accepted" | "refused";
        };
        /** @description A schedule that rotates or refreshes has one of rotateWhenDaysLeft, rotateWhenHoursLeft, rotateAtLifetimePercent and rotateEachTime; one that looks for drift has none. */
        NewSchedule: {
            /**
             * @description rotate: replaces the CA. drift: looks whether each host is as recorded, and puts it right with `repair`. refresh: brings the CRLs of now; the rules then count the life of the CRL that ends first.
             * @default rotate
             * @enum {string}
             */
            kind?: "rotate" | "drift" | "refresh";
            rotateWhenDaysLeft?: number | null;
            rotateWhenHoursLeft?: number | null;
            rotateAtLifetimePercent?: number | null;
            rotateEachTime?: true | false;
            /**
             * @description When to look whether something is to be done.
             * @example 0 4 * * *
             */
            cron: string;
            /**
             * @description For the cron pattern and the windows.
             * @default UTC
             * @example Europe/Berlin
             */
            timeZone?: string;
            /**
             * @description Only in these does it start something; none: at any time.
             * @default []
             */
            windows?: components["schemas"]["MaintenanceWindow"][];
            /**
             * @description Each tick comes up to so much later, by a delay of its own, and never out of a window.
             * @default 0
             */
            jitterSeconds?: number;
            /**
             * @description For a schedule that looks for drift: it is put right with a rotation of the strategy `sync`, in a window.
             * @default false
             */
            repair?: boolean;
            /**
             * @description For a schedule that rotates: an alert with `windlass_action="rotate"` that comes by POST /v1/alertmanager makes it start at once, in a window.
             * @default false
             */
            startOnAlert?: boolean;
            /** @default true */
            enabled?: boolean;
        };
        NewUpload: {
            /**
             * @description The root that clients chain up to; intermediates belong into the chain of the client.
             * @example -----BEGIN CERTIFICATE-----
             *     MIIB...
             *     -----END CERTIFICATE-----
             */
            certificatePem: string;
            /** @description Its CRL, for fleets with revocation `crl`; upload the same CA again with a newer one. */
            crlPem?: string;
            probe: components["schemas"]["ProbeClient"];
        };
        /** @description Any CA that Windlass cannot drive. What clients come with today is brought here. */
        NewUploadIssuingCa: {
            /** @constant */
            kind: "upload";
            /**
             * @description As you call it. Fleets that give the same name share the CA, and rotate together.
             * @example EJBCA production
             */
            name: string;
            /**
             * @description The root that clients chain up to; intermediates belong into the chain of the client.
             * @example -----BEGIN CERTIFICATE-----
             *     MIIB...
             *     -----END CERTIFICATE-----
             */
            certificatePem: string;
            /** @description Its CRL, for fleets with revocation `crl`; upload the same CA again with a newer one. */
            crlPem?: string;
            probe: components["schemas"]["ProbeClient"];
        };
        /** @description A PKI mount of one Vault: who issues the certificates of clients. */
        NewVaultIssuingCa: {
            /**
             * @description May be left out.
             * @constant
             */
            kind?: "vault";
            /** Format: uri */
            address: string;
            /**
             * @description Vault Enterprise namespace; empty for none.
             * @default
             */
            namespace?: "" | string;
            /** @example pki */
            mount: string;
            /**
             * @description Role through which probe leaves are issued.
             * @example clients
             */
            role: string;
            /** @description Who signs the CAs that rotations make; null: each is a root. Left out: as recorded before, else null. */
            signedBy?: components["schemas"]["ParentIssuer"] | null;
            /**
             * @description What becomes of roles whose issuer_ref names the old issuer: `refuse` the rotation, or `move` them with the default. Left out: as recorded before, else `refuse`.
             * @enum {string}
             */
            pinnedRoles?: "refuse" | "move";
            token?: string;
            appRole?: components["schemas"]["AppRole"];
            /**
             * @description PEM of the CA that signed Vault's server certificate; null for the system's.
             * @default null
             */
            serverCaPem?: string | null;
        };
        NewWebhook: {
            /**
             * @description Where events are POSTed to. https, at an address of the internet; other ranges where the operator allowed them. Everybody who may read webhooks sees it.
             * @example https://hooks.example/windlass
             */
            url: string;
            /**
             * @description For people.
             * @default
             */
            description?: "" | string;
            /**
             * @description What it is told of; null: everything, also what a later release adds.
             * @default null
             */
            eventTypes?: ("dev.windlass.rotation.started" | "dev.windlass.rotation.phase-changed" | "dev.windlass.rotation.paused" | "dev.windlass.rotation.blocked" | "dev.windlass.rotation.resumed" | "dev.windlass.rotation.gate-held" | "dev.windlass.rotation.approval-awaited" | "dev.windlass.rotation.succeeded" | "dev.windlass.rotation.reverted" | "dev.windlass.rotation.refused" | "dev.windlass.drift.found")[] | null;
            /**
             * @description Fleets that it is told of; null: all.
             * @default null
             */
            fleetIds?: string[] | null;
            /** @default true */
            enabled?: boolean;
        };
        NextRotation: {
            /**
             * Format: date-time
             * @description Past where it is overdue.
             */
            at: string;
            /** Format: uuid */
            scheduleId: string;
            /**
             * Format: uuid
             * @description Whose schedule it is: it rotates all fleets of the issuing CA.
             */
            fleetId: string;
        };
        /** @description What was last seen of a host. */
        ObservedHost: {
            /**
             * Format: date-time
             * @description When it was looked at.
             */
            at: string;
            /** @description When it last answered; null: it never did. Files and listeners are of then. */
            seenAt: string | null;
            /**
             * @description unknown: it could not be asked, or the fleet serves another generation since it was looked at.
             * @enum {string}
             */
            state: "in-sync" | "drifted" | "unknown";
            /** @description Number of the generation of the fleet that its files held; null: none, or several. */
            generation: number | null;
            /** @description When the first anchor of that generation ends; null where it is not known. */
            expiresAt: string | null;
            files: {
                path: string;
                /** @description Hex SHA-256; null where it cannot be read. */
                digest: string | null;
            }[];
            listeners: {
                listener: string;
                /** @description Whether it shows the marker of the generation; null where that cannot be told. */
                serves: boolean | null;
            }[];
            problems: {
                code: string;
                message: string;
                nextStep: string;
            }[];
        };
        /** @description An issuer of another PKI mount of the same Vault and namespace. */
        ParentIssuer: {
            /** @example pki-root */
            mount: string;
            /**
             * @description Name or id of the issuer there.
             * @default default
             */
            issuer?: string;
        };
        Pause: {
            by: string;
            /** Format: date-time */
            since: string;
            reason: components["schemas"]["Reason"];
            /** @description False while a switch of the fleet is still carried to its end. */
            effective: boolean;
        };
        PlannedFleet: {
            /** Format: uuid */
            fleetId: string;
            fleetName: string;
            /** @description What it is recorded to serve now. */
            generation: components["schemas"]["GenerationRef"];
            anchorsNow: components["schemas"]["Anchor"][];
            /** @description What it trusts in the end, in words. */
            anchorsThen: string;
        };
        /** @description What nginx would do with these clients and this bundle. */
        Preflight: {
            items: {
                client: string;
                /** @enum {string} */
                expect: "accepted" | "refused";
                /** @enum {string} */
                verdict: "accepted" | "refused";
                /** @description OpenSSL's sentence; null for one that is accepted. */
                cause: string | null;
                /** @description Why it is refused and should not be, in plain words. */
                reasons: {
                    what: string;
                    nextStep: string;
                }[];
                /** @description The smallest change after which it is accepted; null when none was found. */
                advice: string[] | null;
            }[];
            /** @description No finding is an error, and every verdict is the one expected. */
            passed: boolean;
            findings: components["schemas"]["Finding"][];
            change: {
                /** @example +1 -1 anchors: added CN=new; removed CN=old */
                anchors: string;
                /** @description How many of the clients get in everywhere then. */
                accepted: number;
                /** @description Clients that get in today, and then no longer. */
                lost: string[];
                /** @description Clients that get in then, and do not today. */
                gained: string[];
            } | null;
        };
        PreflightHost: {
            hostId: string;
            host: string;
            findings: components["schemas"]["Finding"][];
            /** @description The openssl command there; null when there is none or it could not be asked. */
            openssl: {
                /** @example OpenSSL 3.0.17 1 Jul 2025 */
                version: string;
                /** @description Null when it could not be found out. */
                securityLevel: number | null;
            } | null;
        };
        PreviewedSchedule: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            fleetId: string;
            /** @enum {string} */
            kind: "rotate" | "drift" | "refresh";
            rotateWhenDaysLeft: number | null;
            rotateWhenHoursLeft: number | null;
            rotateAtLifetimePercent: number | null;
            rotateEachTime: boolean;
            cron: string;
            timeZone: string;
            windows: {
                days: ("sun" | "mon" | "tue" | "wed" | "thu" | "fri" | "sat")[];
                from: string;
                to: string;
            }[];
            jitterSeconds: number;
            repair: boolean;
            startOnAlert: boolean;
            enabled: boolean;
            /** @description When it looks next; null while disabled. */
            nextTickAt: string | null;
            lastTickAt: string | null;
            /** @description What the last tick found. */
            lastOutcome: string | null;
            /** @description What the last look for drift found. */
            lastDrift: {
                /** Format: date-time */
                at: string;
                inSync: boolean;
                generation: number;
                hosts: number;
                /** @description The hosts that are not in sync. */
                out: {
                    /** Format: uuid */
                    hostId: string;
                    host: string;
                    /**
                     * @description unknown: it could not be asked.
                     * @enum {string}
                     */
                    state: "drifted" | "unknown";
                    problems: components["schemas"]["Reason"][];
                }[];
            } | null;
            /** @description When an alert asked for a rotation that was not started yet. */
            alertedAt: string | null;
            /** @description Why it starts nothing more by itself. */
            suspended: {
                /** Format: date-time */
                since: string;
                /** Format: uuid */
                rotationId: string;
                reason: components["schemas"]["Reason"];
            } | null;
            /** @description Who let it go on the last time. */
            resumed: {
                /** Format: date-time */
                at: string;
                by: string;
                reason: string;
            } | null;
            /** Format: date-time */
            createdAt: string;
            /** @description When the CA is due; null where its age is no matter, or the CA cannot be asked. */
            dueAt: string | null;
            /** @description The window that is open, else the next one. */
            nextWindow: {
                /** Format: date-time */
                from: string;
                /** Format: date-time */
                until: string;
            } | null;
            /** @description What it will do, and when. */
            explanation: string;
        };
        /** @description A client of this CA, made for Windlass: every host is asked whether it lets it in. */
        ProbeClient: {
            /**
             * @example -----BEGIN CERTIFICATE-----
             *     MIIB...
             *     -----END CERTIFICATE-----
             */
            certificatePem: string;
            /**
             * @description Intermediates that the client sends; empty when it sends none.
             * @default
             */
            chainPem?: string;
            privateKey: string;
        };
        ProbeTarget: {
            address: string;
            port: number;
            serverName: string | null;
            path: string;
        };
        /**
         * @example {
         *       "type": "/problems/fleet.not-found",
         *       "title": "Fleet not found",
         *       "status": 404,
         *       "detail": "There is no fleet 0193a1c0-7b3e-7000-8000-000000000000.",
         *       "instance": "/v1/fleets/0193a1c0-7b3e-7000-8000-000000000000",
         *       "code": "fleet.not-found",
         *       "nextAction": "List what there is and take the id from there.",
         *       "requestId": "5a3b7c1e-3c55-4f57-9a4e-0c2a4f6a8d11"
         *     }
         */
        Problem: {
            /** @description Stable path of the page about this kind of problem. */
            type: string;
            title: string;
            status: number;
            /** @description One sentence that names the thing at fault. */
            detail: string;
            /** @description Path of the request. */
            instance: string;
            /** @description Stable and dotted, for programs. */
            code: string;
            /** @description What a person can do about it now. */
            nextAction: string;
            /** @description The same as in the X-Request-Id header and in the log. */
            requestId: string;
            /** @description Of the trace (W3C Trace Context) that the request was part of, where it was traced. */
            traceId?: string;
            errors?: components["schemas"]["FieldFault"][];
            findings?: components["schemas"]["Finding"][];
        };
        /** @description What is wrong, and what a person can do about it now. */
        Reason: {
            code: string;
            message: string;
            nextStep: string;
            detail?: string;
        };
        /** @description The whole truth about a rotation, read from its journal. */
        Rotation: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            fleetId: string;
            /** @enum {string} */
            status: "pending" | "running" | "paused" | "blocked" | "succeeded" | "reverted" | "refused" | "cancelled";
            /** @enum {string} */
            phase: "preflight" | "stage" | "expand" | "activate" | "soak" | "contract" | "done";
            /** @description Sequence of the newest journal entry. */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            endedAt: string | null;
            /** @description Changes with each decision, command and phase, and not with mere work; also the ETag. */
            revision: number;
            fleetName: string;
            /** @enum {string} */
            strategy: "overlap" | "replace" | "distrust" | "sync" | "rehearse" | "refresh";
            /** Format: date-time */
            phaseSince: string;
            requestedBy: string;
            reason: string;
            /** @description What happens, why, on which host, since when, what to do. */
            explanation: string;
            decisions: components["schemas"]["Decision"][];
            blocks: {
                hostId: string | null;
                host: string | null;
                /** Format: date-time */
                since: string;
                reason: components["schemas"]["Reason"];
            }[];
            paused: components["schemas"]["Pause"] | null;
            /** @description Null where the fleet drops the old CA when the soak is over. */
            gate: components["schemas"]["Gate"] | null;
            /** @description Null where the fleet asks for nobody. */
            approval: components["schemas"]["RotationApproval"] | null;
            abort: {
                by: string;
                /** Format: date-time */
                at: string;
                because: string;
            } | null;
            hosts: components["schemas"]["RotationHost"][];
            decommissioned: components["schemas"]["DecommissionedHost"][];
            ca: {
                product: string | null;
                oldIssuerId: string | null;
                newIssuer: {
                    id: string;
                    name: string;
                    subject: string;
                    notAfter: string;
                } | null;
            };
            generations: components["schemas"]["Generations"];
            /** @description Fleets that rotate together with this one. */
            otherFleets: {
                /** Format: uuid */
                fleetId: string;
                fleetName: string;
                generations: components["schemas"]["Generations"];
            }[];
        };
        /** @description What a second person says to the contract. */
        RotationApproval: {
            /** @description A second person may approve now; nothing is dropped before. */
            awaited: boolean;
            given: {
                by: string;
                /** Format: date-time */
                at: string;
                trustDiffDigest: string;
                /** @description False once the change of trust is another one. */
                counts: boolean;
            } | null;
        };
        RotationHost: {
            /** Format: uuid */
            hostId: string;
            /** Format: uuid */
            fleetId: string;
            name: string;
            /** @description 0 is the canary wave. */
            wave: number;
            /** @description Hosts of one batch are driven by one worker at a time. */
            batch: number;
            /** @enum {string} */
            step: "waiting" | "inspected" | "staged" | "committed" | "proven" | "confirmed" | "restored" | "reverted" | "decommissioned" | "unknown";
            /**
             * @description What it was last observed on; unknown while a switch is under way or was lost.
             * @enum {string}
             */
            serving: "old" | "overlap" | "new" | "unknown";
            digest: string | null;
            /** Format: date-time */
            since: string;
            /** @description What is wrong with it now. */
            reason: components["schemas"]["Reason"] | null;
            /** @description The transcript of the last proof. */
            probes: string[];
        };
        /** @description What a rotation would do. */
        RotationPlan: {
            /** @enum {string} */
            strategy: "overlap" | "replace" | "distrust" | "sync" | "rehearse" | "refresh";
            /** @description The one that was asked for first. */
            fleets: components["schemas"]["PlannedFleet"][];
            /** @description Hosts in the order in which they are switched: the canaries first. */
            waves: {
                /** Format: uuid */
                hostId: string;
                name: string;
                /** Format: uuid */
                fleetId: string;
            }[][];
            phases: {
                /** @enum {string} */
                phase: "preflight" | "stage" | "expand" | "activate" | "soak" | "contract" | "done";
                does: string;
            }[];
            /** @description Which anchors come and go. Exact for `replace` and `distrust`; for `overlap` with the new CA by what makes it. */
            trustDiff: string | null;
            /** @description What the preflight would refuse, as far as it is known without asking the hosts. */
            blocks: components["schemas"]["Reason"][];
            warnings: string[];
        };
        RotationSummary: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            fleetId: string;
            /** @enum {string} */
            status: "pending" | "running" | "paused" | "blocked" | "succeeded" | "reverted" | "refused" | "cancelled";
            /** @enum {string} */
            phase: "preflight" | "stage" | "expand" | "activate" | "soak" | "contract" | "done";
            /** @description Sequence of the newest journal entry. */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            endedAt: string | null;
        };
        RunningRotation: {
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            status: "pending" | "running" | "paused" | "blocked" | "succeeded" | "reverted" | "refused" | "cancelled";
            /** @enum {string} */
            phase: "preflight" | "stage" | "expand" | "activate" | "soak" | "contract" | "done";
            /** @enum {string} */
            strategy: "overlap" | "replace" | "distrust" | "sync" | "rehearse" | "refresh";
        };
        /** @description A client certificate, and the verdict that it must get. */
        Sample: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            fleetId: string;
            name: string;
            certificatePem: string;
            chainPem: string;
            /** @enum {string} */
            expect: "accepted" | "refused";
            /** @description True when a key was given, for probes. */
            hasPrivateKey: boolean;
            /** Format: date-time */
            createdAt: string;
        };
        Schedule: {
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            fleetId: string;
            /** @enum {string} */
            kind: "rotate" | "drift" | "refresh";
            rotateWhenDaysLeft: number | null;
            rotateWhenHoursLeft: number | null;
            rotateAtLifetimePercent: number | null;
            rotateEachTime: boolean;
            cron: string;
            timeZone: string;
            windows: {
                days: ("sun" | "mon" | "tue" | "wed" | "thu" | "fri" | "sat")[];
                from: string;
                to: string;
            }[];
            jitterSeconds: number;
            repair: boolean;
            startOnAlert: boolean;
            enabled: boolean;
            /** @description When it looks next; null while disabled. */
            nextTickAt: string | null;
            lastTickAt: string | null;
            /** @description What the last tick found. */
            lastOutcome: string | null;
            /** @description What the last look for drift found. */
            lastDrift: {
                /** Format: date-time */
                at: string;
                inSync: boolean;
                generation: number;
                hosts: number;
                /** @description The hosts that are not in sync. */
                out: {
                    /** Format: uuid */
                    hostId: string;
                    host: string;
                    /**
                     * @description unknown: it could not be asked.
                     * @enum {string}
                     */
                    state: "drifted" | "unknown";
                    problems: components["schemas"]["Reason"][];
                }[];
            } | null;
            /** @description When an alert asked for a rotation that was not started yet. */
            alertedAt: string | null;
            /** @description Why it starts nothing more by itself. */
            suspended: {
                /** Format: date-time */
                since: string;
                /** Format: uuid */
                rotationId: string;
                reason: components["schemas"]["Reason"];
            } | null;
            /** @description Who let it go on the last time. */
            resumed: {
                /** Format: date-time */
                at: string;
                by: string;
                reason: string;
            } | null;
            /** Format: date-time */
            createdAt: string;
        };
        /** @description What is left out stays. Another rule takes the place of the one before. */
        ScheduleChange: {
            rotateWhenDaysLeft?: number | null;
            rotateWhenHoursLeft?: number | null;
            rotateAtLifetimePercent?: number | null;
            rotateEachTime?: true | false;
            /**
             * @description When to look whether something is to be done.
             * @example 0 4 * * *
             */
            cron?: string;
            /**
             * @description For the cron pattern and the windows.
             * @example Europe/Berlin
             */
            timeZone?: string;
            /** @description Only in these does it start something; none: at any time. */
            windows?: components["schemas"]["MaintenanceWindow"][];
            /** @description Each tick comes up to so much later, by a delay of its own, and never out of a window. */
            jitterSeconds?: number;
            /** @description For a schedule that looks for drift: it is put right with a rotation of the strategy `sync`, in a window. */
            repair?: boolean;
            /** @description For a schedule that rotates: an alert with `windlass_action="rotate"` that comes by POST /v1/alertmanager makes it start at once, in a window. */
            startOnAlert?: boolean;
            enabled?: boolean;
        };
        SecretOverlap: {
            /**
             * @description How long deliveries are signed with the secret of before as well.
             * @default 86400
             */
            overlapSeconds?: number;
        };
        /** @description Whoever asks, as the API knows them. */
        Self: {
            /**
             * @description Who a request of theirs is recorded for, such as in `requestedBy`.
             * @example api-key:0b9f2c1e-6d0b-4a43-9f5e-6c1c8f1f3a52 (ana)
             */
            actor: string;
            /**
             * @description What they came with.
             * @enum {string}
             */
            kind: "api-key" | "oidc";
            /**
             * @description Of several, the one that may most.
             * @enum {string}
             */
            role: "viewer" | "operator" | "approver" | "admin";
            /** @description All of them: a token may give several. */
            roles: ("viewer" | "operator" | "approver" | "admin")[];
            /** @description Ids of the fleets that they are confined to; null: all, and what belongs to none. */
            fleets: string[] | null;
            /** @description When the key or token ends; null: never. */
            until: string | null;
        };
        /** @description Why, for those who read it later. */
        StatedReason: {
            /** @example the change window is over */
            reason: string;
        };
        UploadIssuingCa: {
            /** @constant */
            kind: "upload";
            /** Format: uuid */
            id: string;
            name: string;
        };
        UploadedCa: {
            /** Format: uuid */
            id: string;
            subject: string;
            /** @description Hex SHA-256 of the certificate. */
            fingerprint: string;
            /** Format: date-time */
            notAfter: string;
            /**
             * @description `next`: the next rotation brings it. `current`: clients are said to come with it.
             * @enum {string}
             */
            state: "current" | "next" | "past";
            /**
             * Format: date-time
             * @description When the client for probes ends.
             */
            probeNotAfter: string;
        };
        VaultIssuingCa: {
            /** @constant */
            kind: "vault";
            /** Format: uuid */
            id: string;
            address: string;
            namespace: string;
            mount: string;
            role: string;
            /**
             * @description How Windlass logs in; what with is never shown.
             * @enum {string}
             */
            login: "token" | "appRole";
            signedBy: components["schemas"]["ParentIssuer"] | null;
            /** @enum {string} */
            pinnedRoles: "refuse" | "move";
        };
        /** @description An endpoint that is told of events, without its secret. */
        Webhook: {
            /** Format: uuid */
            id: string;
            url: string;
            description: string;
            eventTypes: ("dev.windlass.rotation.started" | "dev.windlass.rotation.phase-changed" | "dev.windlass.rotation.paused" | "dev.windlass.rotation.blocked" | "dev.windlass.rotation.resumed" | "dev.windlass.rotation.gate-held" | "dev.windlass.rotation.approval-awaited" | "dev.windlass.rotation.succeeded" | "dev.windlass.rotation.reverted" | "dev.windlass.rotation.refused" | "dev.windlass.drift.found")[] | null;
            fleetIds: string[] | null;
            enabled: boolean;
            disabledAt: string | null;
            /** @description Why Windlass disabled it; null where a person did. */
            disabledReason: string | null;
            lastDeliveredAt: string | null;
            /** @description Until when deliveries are signed with the secret of before as well. */
            previousSecretUntil: string | null;
            createdBy: string;
            /** Format: date-time */
            createdAt: string;
        };
        /** @description What is left out stays. */
        WebhookChange: {
            /**
             * @description Where events are POSTed to. https, at an address of the internet; other ranges where the operator allowed them. Everybody who may read webhooks sees it.
             * @example https://hooks.example/windlass
             */
            url?: string;
            /** @description For people. */
            description?: "" | string;
            /** @description What it is told of; null: everything, also what a later release adds. */
            eventTypes?: ("dev.windlass.rotation.started" | "dev.windlass.rotation.phase-changed" | "dev.windlass.rotation.paused" | "dev.windlass.rotation.blocked" | "dev.windlass.rotation.resumed" | "dev.windlass.rotation.gate-held" | "dev.windlass.rotation.approval-awaited" | "dev.windlass.rotation.succeeded" | "dev.windlass.rotation.reverted" | "dev.windlass.rotation.refused" | "dev.windlass.drift.found")[] | null;
            /** @description Fleets that it is told of; null: all. */
            fleetIds?: string[] | null;
            /** @description Enabled again, it goes on with what waits for it, and is told what happens from then on. */
            enabled?: boolean;
        };
        /** @description One event for one endpoint, and how its tries went. */
        WebhookDelivery: {
            /** Format: uuid */
            id: string;
            /** @description `webhook-id` of each try: receivers know by it what they had. */
            eventId: string;
            /** @enum {string} */
            eventType: "dev.windlass.rotation.started" | "dev.windlass.rotation.phase-changed" | "dev.windlass.rotation.paused" | "dev.windlass.rotation.blocked" | "dev.windlass.rotation.resumed" | "dev.windlass.rotation.gate-held" | "dev.windlass.rotation.approval-awaited" | "dev.windlass.rotation.succeeded" | "dev.windlass.rotation.reverted" | "dev.windlass.rotation.refused" | "dev.windlass.drift.found" | "dev.windlass.webhook.test";
            /**
             * @description pending: sent at `nextAttemptAt`. failed: not sent again unless a person asks for it.
             * @enum {string}
             */
            status: "pending" | "delivered" | "failed";
            /** @description Begun since it was recorded, or asked for again. */
            attempts: number;
            lastAttemptAt: string | null;
            nextAttemptAt: string | null;
            /** @description HTTP status of the last try; null: no reply. */
            responseCode: number | null;
            /** @description Why the last try failed. */
            error: string | null;
            /** @description When a person asked for it again. */
            redeliveredAt: string | null;
            redeliveredBy: string | null;
            /** Format: date-time */
            createdAt: string;
        };
        WebhookWithSecret: {
            /** Format: uuid */
            id: string;
            url: string;
            description: string;
            eventTypes: ("dev.windlass.rotation.started" | "dev.windlass.rotation.phase-changed" | "dev.windlass.rotation.paused" | "dev.windlass.rotation.blocked" | "dev.windlass.rotation.resumed" | "dev.windlass.rotation.gate-held" | "dev.windlass.rotation.approval-awaited" | "dev.windlass.rotation.succeeded" | "dev.windlass.rotation.reverted" | "dev.windlass.rotation.refused" | "dev.windlass.drift.found")[] | null;
            fleetIds: string[] | null;
            enabled: boolean;
            disabledAt: string | null;
            /** @description Why Windlass disabled it; null where a person did. */
            disabledReason: string | null;
            lastDeliveredAt: string | null;
            /** @description Until when deliveries are signed with the secret of before as well. */
            previousSecretUntil: string | null;
            createdBy: string;
            /** Format: date-time */
            createdAt: string;
            /** @description What deliveries are signed with (Standard Webhooks, HMAC-SHA256). Shown this once. */
            secret: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "live";
                    };
                };
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Text format 0.0.4. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. `queue.unreachable`: The queue does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readDocument: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listProblems: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    explainProblem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `problem.not-found`: There is no such problem. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All that it needs answers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        status: "ready";
                        /** @description What was asked, and answered. */
                        dependencies: ("database" | "queue")[];
                    };
                };
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `database.unreachable`: The database does not answer. `queue.unreachable`: The queue does not answer. `service.not-ready`: Windlass cannot serve. `service.draining`: This process is about to stop. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    takeAlerts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AlertmanagerWebhook"];
            };
        };
        responses: {
            /** @description What became of each alert. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertOutcomes"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-json`: The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                /** @description Items at most. */
                limit?: number;
                /** @description `nextCursor` of the page before; left out for the first. */
                cursor?: string;
            };
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first, the revoked ones among them. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ApiKey"][];
                        /** @description Where the next page begins; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. `page.bad-cursor`: The cursor is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewApiKey"];
            };
        };
        responses: {
            /** @description Made. The key is never shown again. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-json`: The body is not JSON. `request.idempotency-not-kept`: The route keeps no reply to repeat. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `api-key.label-taken`: Another API key has the label. `oidc.not-configured`: No issuer of tokens is configured. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                keyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It opens nothing any more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `api-key.not-found`: API key not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `api-key.last-admin`: It is the last key of an admin. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAuditEntries: {
        parameters: {
            query?: {
                /** @description Items at most. */
                limit?: number;
                /** @description `nextCursor` of the page before; left out for the first. */
                cursor?: string;
                /** @description Who, such as `api-key:<id>`, `schedule:<id>` or `windlass`. */
                actor?: string;
                /** @description Such as `pauseRotation`. */
                operation?: string;
                /** @description On what, such as `fleet:<id>`; all that was done to a fleet has it. */
                subject?: string;
                /** @description Not before this time. */
                from?: string;
                /** @description Before this time. */
                until?: string;
            };
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEntry"][];
                        /** @description Where the next page begins; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. `page.bad-cursor`: The cursor is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportAuditEntries: {
        parameters: {
            query?: {
                /** @description Who, such as `api-key:<id>`, `schedule:<id>` or `windlass`. */
                actor?: string;
                /** @description Such as `pauseRotation`. */
                operation?: string;
                /** @description On what, such as `fleet:<id>`; all that was done to a fleet has it. */
                subject?: string;
                /** @description Not before this time. */
                from?: string;
                /** @description Before this time. */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All entries that there were when it began. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": string;
                };
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readAuditHead: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Now. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditHead"];
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFleets: {
        parameters: {
            query?: {
                /** @description Items at most. */
                limit?: number;
                /** @description `nextCursor` of the page before; left out for the first. */
                cursor?: string;
            };
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Fleet"][];
                        /** @description Where the next page begins; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. `page.bad-cursor`: The cursor is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createFleet: {
        parameters: {
            query?: never;
            header?: {
                /** @description A fresh random text for each thing that is wanted. Sent again within 24 hours, the same request gets the reply of the first time, with `Idempotency-Replayed: true`, and has no further effect. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewFleet"];
            };
        };
        responses: {
            /** @description Recorded; with what should be known about the bundle. */
            201: {
                headers: {
                    /** @description Path of the fleet. */
                    Location?: string;
                    /** @description `true` where the reply is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedFleet"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-json`: The body is not JSON. `request.malformed-idempotency-key`: Idempotency-Key is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.idempotency-in-flight`: The request is being answered. `fleet.name-taken`: The fleet name is taken. `ca.name-taken`: Another uploaded CA has the name. `rotation.conflict`: A rotation holds what this needs. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.idempotency-mismatch`: The Idempotency-Key is of another request. `path.not-allowed`: A path on the hosts is not allowed. `bundle.unusable`: The bundle would lock clients out. `ca.wrapping-used`: The wrapped secret id was opened before. `ca.wrapping-foreign`: The wrapping token holds something else. `ca.wrapping-counted`: The secret id is good for some logins only. `ca.login-refused`: The CA refused the login. `ca.denied`: The CA denied the request. `ca.wrong-mount`: There is no such mount at the CA. `ca.failed`: The CA refused the request. `ca.no-certificate`: That is not one certificate. `ca.not-a-ca`: That is not the certificate of a CA. `ca.expired`: The CA has expired. `ca.unusable`: nginx would refuse every client of the CA. `ca.unusable-key`: The key of the CA cannot be read. `crl.unusable`: The CRLs cannot be taken. `ca.probe-refused`: The client is not one of the CA. `ca.not-in-bundle`: The CA is not in the bundle. `ca.own-parent`: The PKI mount is named as its own parent. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. `ca.unreachable`: The CA does not answer. `ca.sealed`: The CA is sealed. `ca.rate-limited`: The CA limits the rate of requests. `verifier.unavailable`: No verdict can be had. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readFleet: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path: {
                fleetId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The fleet. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fleet"];
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listClients: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path: {
                fleetId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The last seen first. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FleetClients"];
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.no-hosts`: The fleet has no hosts. `fleet.no-client-log`: The fleet keeps no client log. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCrls: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path: {
                fleetId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One for each anchor. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FleetCrls"];
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.no-revocation`: The fleet checks no revocation. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    handInCrls: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                fleetId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HandedInCrls"];
            };
        };
        responses: {
            /** @description Recorded. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FleetCrls"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-json`: The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.no-revocation`: The fleet checks no revocation. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `crl.unusable`: The CRLs cannot be taken. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readDrift: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path: {
                fleetId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Every host. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FleetDrift"];
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.no-hosts`: The fleet has no hosts. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listGenerations: {
        parameters: {
            query?: {
                /** @description Items at most. */
                limit?: number;
                /** @description `nextCursor` of the page before; left out for the first. */
                cursor?: string;
            };
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path: {
                fleetId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Generation"][];
                        /** @description Where the next page begins; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. `page.bad-cursor`: The cursor is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listHosts: {
        parameters: {
            query?: {
                /** @description Items at most. */
                limit?: number;
                /** @description `nextCursor` of the page before; left out for the first. */
                cursor?: string;
                /** @description Only the one of this name. */
                name?: string;
            };
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path: {
                fleetId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Host"][];
                        /** @description Where the next page begins; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. `page.bad-cursor`: The cursor is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    enrolHosts: {
        parameters: {
            query?: never;
            header?: {
                /** @description A fresh random text for each thing that is wanted. Sent again within 24 hours, the same request gets the reply of the first time, with `Idempotency-Replayed: true`, and has no further effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                fleetId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewHost"] | components["schemas"]["NewHosts"];
            };
        };
        responses: {
            /** @description The host, or `{"hosts": [...]}`, as it was asked. */
            201: {
                headers: {
                    /** @description Path of the host, or of the list. */
                    Location?: string;
                    /** @description `true` where the reply is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Host"] | components["schemas"]["EnrolledHosts"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-json`: The body is not JSON. `request.malformed-idempotency-key`: Idempotency-Key is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.idempotency-in-flight`: The request is being answered. `host.name-taken`: The host name is taken. `host.already-enrolled`: The host is enrolled already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.idempotency-mismatch`: The Idempotency-Key is of another request. `path.not-allowed`: A path on the hosts is not allowed. `probe.not-allowed`: The probe target is out of reach. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readHost: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path: {
                fleetId: string;
                hostId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The host. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Host"];
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `host.not-found`: Host not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeHost: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag as it was read. When it has another one by now, nothing is done: 412. `*` is any. */
                "If-Match"?: string;
            };
            path: {
                fleetId: string;
                hostId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-if-match`: If-Match is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `host.not-found`: Host not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `host.in-rotation`: A rotation works on the host. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `resource.changed`: It is not as it was read. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeIssuingCa: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag as it was read. When it has another one by now, nothing is done: 412. `*` is any. */
                "If-Match"?: string;
            };
            path: {
                fleetId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CaWays"];
            };
        };
        responses: {
            /** @description The fleet. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fleet"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-json`: The body is not JSON. `request.malformed-if-match`: If-Match is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `ca.without-login`: The CA of the fleet has no login. `ca.not-of-vault`: The CA of the fleet is not one of Vault. `rotation.conflict`: A rotation holds what this needs. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `resource.changed`: It is not as it was read. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `ca.own-parent`: The PKI mount is named as its own parent. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replaceCaLogin: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag as it was read. When it has another one by now, nothing is done: 412. `*` is any. */
                "If-Match"?: string;
            };
            path: {
                fleetId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CaLogin"];
            };
        };
        responses: {
            /** @description The fleet. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Fleet"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-json`: The body is not JSON. `request.malformed-if-match`: If-Match is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `ca.without-login`: The CA of the fleet has no login. `ca.other-login`: The CA of the fleet is logged in to in another way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `resource.changed`: It is not as it was read. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `ca.wrapping-used`: The wrapped secret id was opened before. `ca.wrapping-foreign`: The wrapping token holds something else. `ca.wrapping-counted`: The secret id is good for some logins only. `ca.login-refused`: The CA refused the login. `ca.denied`: The CA denied the request. `ca.wrong-mount`: There is no such mount at the CA. `ca.failed`: The CA refused the request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. `ca.unreachable`: The CA does not answer. `ca.sealed`: The CA is sealed. `ca.rate-limited`: The CA limits the rate of requests. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preflightFleet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                fleetId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewFleetPreflight"];
            };
        };
        responses: {
            /** @description The verdicts, and each host. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FleetPreflight"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-json`: The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.no-hosts`: The fleet has no hosts. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. `verifier.unavailable`: No verdict can be had. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSamples: {
        parameters: {
            query?: {
                /** @description Items at most. */
                limit?: number;
                /** @description `nextCursor` of the page before; left out for the first. */
                cursor?: string;
            };
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path: {
                fleetId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Sample"][];
                        /** @description Where the next page begins; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. `page.bad-cursor`: The cursor is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addSample: {
        parameters: {
            query?: never;
            header?: {
                /** @description A fresh random text for each thing that is wanted. Sent again within 24 hours, the same request gets the reply of the first time, with `Idempotency-Replayed: true`, and has no further effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                fleetId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSample"];
            };
        };
        responses: {
            /** @description Recorded. The key is never shown again. */
            201: {
                headers: {
                    /** @description Path of the list. */
                    Location?: string;
                    /** @description `true` where the reply is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Sample"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-json`: The body is not JSON. `request.malformed-idempotency-key`: Idempotency-Key is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.idempotency-in-flight`: The request is being answered. `sample.name-taken`: The sample name is taken. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.idempotency-mismatch`: The Idempotency-Key is of another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeSample: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                fleetId: string;
                sampleId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `sample.not-found`: Sample client not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSchedules: {
        parameters: {
            query?: {
                /** @description Items at most. */
                limit?: number;
                /** @description `nextCursor` of the page before; left out for the first. */
                cursor?: string;
            };
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path: {
                fleetId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first, each with what its last tick found. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Schedule"][];
                        /** @description Where the next page begins; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. `page.bad-cursor`: The cursor is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A fresh random text for each thing that is wanted. Sent again within 24 hours, the same request gets the reply of the first time, with `Idempotency-Replayed: true`, and has no further effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                fleetId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSchedule"];
            };
        };
        responses: {
            /** @description Recorded, and ticking when enabled. */
            201: {
                headers: {
                    /** @description Path of the schedule. */
                    Location?: string;
                    /** @description Of what people set, of its suspension and its resumption. A tick leaves it as it is. */
                    ETag?: string;
                    /** @description `true` where the reply is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-json`: The body is not JSON. `request.malformed-idempotency-key`: Idempotency-Key is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.idempotency-in-flight`: The request is being answered. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.idempotency-mismatch`: The Idempotency-Key is of another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path: {
                fleetId: string;
                scheduleId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description With a preview. */
            200: {
                headers: {
                    /** @description Of what people set, of its suspension and its resumption. A tick leaves it as it is. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreviewedSchedule"];
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `schedule.not-found`: Schedule not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag as it was read. When it has another one by now, nothing is done: 412. `*` is any. */
                "If-Match"?: string;
            };
            path: {
                fleetId: string;
                scheduleId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed; it does not tick again. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-if-match`: If-Match is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `schedule.not-found`: Schedule not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `resource.changed`: It is not as it was read. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETag as it was read. When it has another one by now, nothing is done: 412. `*` is any. */
                "If-Match"?: string;
            };
            path: {
                fleetId: string;
                scheduleId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ScheduleChange"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    /** @description Of what people set, of its suspension and its resumption. A tick leaves it as it is. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-json`: The body is not JSON. `request.malformed-if-match`: If-Match is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `schedule.not-found`: Schedule not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `resource.changed`: It is not as it was read. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                fleetId: string;
                scheduleId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StatedReason"];
            };
        };
        responses: {
            /** @description As it is now, with who let it go on. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-json`: The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `schedule.not-found`: Schedule not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `schedule.not-suspended`: The schedule is not suspended. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUploadedCas: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path: {
                fleetId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["UploadedCa"][];
                    };
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `ca.not-uploaded`: The CA of the fleet is not an uploaded one. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploadCa: {
        parameters: {
            query?: never;
            header?: {
                /** @description A fresh random text for each thing that is wanted. Sent again within 24 hours, the same request gets the reply of the first time, with `Idempotency-Replayed: true`, and has no further effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                fleetId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUpload"];
            };
        };
        responses: {
            /** @description Taken. The key of the client is never shown again. */
            201: {
                headers: {
                    /** @description Path of the list. */
                    Location?: string;
                    /** @description `true` where the reply is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadedCa"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-json`: The body is not JSON. `request.malformed-idempotency-key`: Idempotency-Key is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.idempotency-in-flight`: The request is being answered. `ca.not-uploaded`: The CA of the fleet is not an uploaded one. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.idempotency-mismatch`: The Idempotency-Key is of another request. `ca.no-certificate`: That is not one certificate. `ca.not-a-ca`: That is not the certificate of a CA. `ca.expired`: The CA has expired. `ca.unusable`: nginx would refuse every client of the CA. `ca.unusable-key`: The key of the CA cannot be read. `crl.unusable`: The CRLs cannot be taken. `ca.probe-refused`: The client is not one of the CA. `ca.already-trusted`: The fleet trusts the CA already. `ca.not-self-signed`: The CA is not a root. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. `verifier.unavailable`: No verdict can be had. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ask: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPreflight"];
            };
        };
        responses: {
            /** @description The verdicts, and what would mend them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preflight"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-json`: The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. `verifier.unavailable`: No verdict can be had. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRotations: {
        parameters: {
            query?: {
                /** @description Items at most. */
                limit?: number;
                /** @description `nextCursor` of the page before; left out for the first. */
                cursor?: string;
                /** @description Only those of one fleet. */
                fleetId?: string;
                /** @description Only those; may be given several times. */
                status?: ("pending" | "running" | "paused" | "blocked" | "succeeded" | "reverted" | "refused" | "cancelled") | ("pending" | "running" | "paused" | "blocked" | "succeeded" | "reverted" | "refused" | "cancelled")[];
                /** @description Only those; may be given several times. */
                strategy?: ("overlap" | "replace" | "distrust" | "sync" | "rehearse" | "refresh") | ("overlap" | "replace" | "distrust" | "sync" | "rehearse" | "refresh")[];
            };
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["RotationSummary"][];
                        /** @description Where the next page begins; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. `page.bad-cursor`: The cursor is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startRotation: {
        parameters: {
            query?: {
                /** @description `true`: nothing is recorded, and the reply is what the rotation would do. */
                dryRun?: "true" | "false";
            };
            header?: {
                /** @description A fresh random text for each thing that is wanted. Sent again within 24 hours, the same request gets the reply of the first time, with `Idempotency-Replayed: true`, and has no further effect. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRotation"];
            };
        };
        responses: {
            /** @description With `dryRun=true`: what it would do. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RotationPlan"];
                };
            };
            /** @description Recorded. */
            202: {
                headers: {
                    /** @description Path of the rotation. */
                    Location?: string;
                    /** @description The revision of the rotation, quoted. It changes with each decision, command and phase. */
                    ETag?: string;
                    /** @description `true` where the reply is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rotation"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-json`: The body is not JSON. `request.malformed-idempotency-key`: Idempotency-Key is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.idempotency-in-flight`: The request is being answered. `fleet.no-hosts`: The fleet has no hosts. `host.no-probe-targets`: A host has no probe target. `rotation.conflict`: A rotation holds what this needs. `ca.shared`: Other fleets trust the same issuing CA. `ca.not-shared`: A fleet named does not trust the issuing CA. `rotation.one-fleet-only`: The strategy works on one fleet. `replace.nothing-changes`: The fleet trusts exactly that already. `refresh.no-revocation`: The fleet checks no revocation. `anchor.distrusted`: The bundle holds a distrusted anchor. `distrust.still-trusted`: The anchor would still be trusted by way of another. `distrust.nothing-left`: The fleet would trust no CA at all. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.idempotency-mismatch`: The Idempotency-Key is of another request. `replace.no-bundle`: A bundle is needed. `replace.bad-bundle`: The bundle cannot be taken. `distrust.no-anchors`: No anchor is named. `distrust.unknown-anchor`: The fleet does not trust that anchor. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. `queue.unreachable`: The queue does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readRotation: {
        parameters: {
            query?: {
                /** @description Which of its hosts are in `hosts`: `failing` are those that have a reason. A large fleet has many. */
                hosts?: "all" | "failing" | "none";
                /** @description With If-None-Match: how long to wait for another revision; without it nothing is waited for. */
                wait?: string;
            };
            header?: {
                /** @description The ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path: {
                rotationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As its journal tells it. */
            200: {
                headers: {
                    /** @description The revision of the rotation, quoted. It changes with each decision, command and phase. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rotation"];
                };
            };
            /** @description Its revision is still the one that If-None-Match has. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.not-found`: Rotation not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. `rotation.unreadable`: The journal cannot be read by this release. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followRotation: {
        parameters: {
            query?: {
                /** @description As the Last-Event-ID header, for clients that cannot set it. The header wins. */
                lastEventId?: string;
            };
            header?: {
                /** @description Sequence of the last entry that is known: the stream begins after it. */
                "Last-Event-ID"?: string;
            };
            path: {
                rotationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stream; a comment every 15 seconds keeps it alive. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": {
                        /** @description Sequence of the journal entry. */
                        id: string;
                        /** @description Its type. */
                        event: string;
                        /** @description The entry, as JSON. */
                        data: string;
                    };
                };
            };
            /** @description It has ended, and nothing is left to send. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-event-id`: Last-Event-ID is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.not-found`: Rotation not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readEvidence: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path: {
                rotationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the journal has it. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Evidence"];
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.not-found`: Rotation not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. `rotation.unreadable`: The journal cannot be read by this release. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listHistory: {
        parameters: {
            query?: {
                /** @description Items at most. */
                limit?: number;
                /** @description `nextCursor` of the page before; left out for the first. */
                cursor?: string;
                /** @description `summary`: what happened when. `all`: with everything that was recorded of it. */
                fields?: "summary" | "all";
            };
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path: {
                rotationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["HistoryEntry"][];
                        /** @description Where the next page begins; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.not-found`: Rotation not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decommissionHost: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the rotation as the caller knows it. When it has another one by now, nothing is recorded and the reply is 412. `*` is any. */
                "If-Match": string;
            };
            path: {
                rotationId: string;
                hostId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StatedReason"];
            };
        };
        responses: {
            /** @description Recorded. */
            202: {
                headers: {
                    /** @description The revision of the rotation, quoted. It changes with each decision, command and phase. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rotation"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-if-match`: If-Match is not usable. `request.malformed-json`: The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.not-found`: Rotation not found. `host.not-found`: Host not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.ended`: The rotation has ended. `rotation.host-not-blocked`: The rotation does not wait for this host. `rotation.last-host`: The rotation has no other host left. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.changed`: The rotation is not the one that was decided on. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.precondition-required`: If-Match is needed. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. `rotation.unreadable`: The journal cannot be read by this release. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. `rotation.busy`: The rotation is writing too fast. `queue.unreachable`: The queue does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readPostmortem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                rotationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As the journal tells it by now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/markdown": string;
                };
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.not-found`: Rotation not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. `rotation.unreadable`: The journal cannot be read by this release. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    abortRotation: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the rotation as the caller knows it. When it has another one by now, nothing is recorded and the reply is 412. `*` is any. */
                "If-Match": string;
            };
            path: {
                rotationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StatedReason"];
            };
        };
        responses: {
            /** @description Recorded. */
            202: {
                headers: {
                    /** @description The revision of the rotation, quoted. It changes with each decision, command and phase. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rotation"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-if-match`: If-Match is not usable. `request.malformed-json`: The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.not-found`: Rotation not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.ended`: The rotation has ended. `rotation.too-late`: The rotation has decided already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.changed`: The rotation is not the one that was decided on. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.precondition-required`: If-Match is needed. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. `rotation.unreadable`: The journal cannot be read by this release. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. `rotation.busy`: The rotation is writing too fast. `queue.unreachable`: The queue does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    approveContract: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the rotation as the caller knows it. When it has another one by now, nothing is recorded and the reply is 412. `*` is any. */
                "If-Match": string;
            };
            path: {
                rotationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Approve"];
            };
        };
        responses: {
            /** @description Recorded. */
            202: {
                headers: {
                    /** @description The revision of the rotation, quoted. It changes with each decision, command and phase. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rotation"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-if-match`: If-Match is not usable. `request.malformed-json`: The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. `rotation.own-request`: Nobody approves what they asked for. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.not-found`: Rotation not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.ended`: The rotation has ended. `rotation.approval-not-needed`: The rotation asks for nobody. `rotation.approval-not-awaited`: The rotation does not wait for an approval yet. `rotation.approved-already`: The rotation is approved. `rotation.other-trust-diff`: The change of trust is another one. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.changed`: The rotation is not the one that was decided on. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.precondition-required`: If-Match is needed. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. `rotation.unreadable`: The journal cannot be read by this release. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. `rotation.busy`: The rotation is writing too fast. `queue.unreachable`: The queue does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    overrideGate: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the rotation as the caller knows it. When it has another one by now, nothing is recorded and the reply is 412. `*` is any. */
                "If-Match": string;
            };
            path: {
                rotationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StatedReason"];
            };
        };
        responses: {
            /** @description Recorded. */
            202: {
                headers: {
                    /** @description The revision of the rotation, quoted. It changes with each decision, command and phase. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rotation"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-if-match`: If-Match is not usable. `request.malformed-json`: The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.not-found`: Rotation not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.ended`: The rotation has ended. `rotation.gate-open`: No gate keeps the rotation. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.changed`: The rotation is not the one that was decided on. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.precondition-required`: If-Match is needed. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. `rotation.unreadable`: The journal cannot be read by this release. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. `rotation.busy`: The rotation is writing too fast. `queue.unreachable`: The queue does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseRotation: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the rotation as the caller knows it. When it has another one by now, nothing is recorded and the reply is 412. `*` is any. */
                "If-Match": string;
            };
            path: {
                rotationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StatedReason"];
            };
        };
        responses: {
            /** @description Recorded. */
            202: {
                headers: {
                    /** @description The revision of the rotation, quoted. It changes with each decision, command and phase. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rotation"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-if-match`: If-Match is not usable. `request.malformed-json`: The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.not-found`: Rotation not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.ended`: The rotation has ended. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.changed`: The rotation is not the one that was decided on. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.precondition-required`: If-Match is needed. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. `rotation.unreadable`: The journal cannot be read by this release. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. `rotation.busy`: The rotation is writing too fast. `queue.unreachable`: The queue does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeRotation: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the rotation as the caller knows it. When it has another one by now, nothing is recorded and the reply is 412. `*` is any. */
                "If-Match": string;
            };
            path: {
                rotationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Recorded. */
            202: {
                headers: {
                    /** @description The revision of the rotation, quoted. It changes with each decision, command and phase. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rotation"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-if-match`: If-Match is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.not-found`: Rotation not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.ended`: The rotation has ended. `rotation.not-paused`: The rotation is not paused. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.changed`: The rotation is not the one that was decided on. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.precondition-required`: If-Match is needed. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. `rotation.unreadable`: The journal cannot be read by this release. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. `rotation.busy`: The rotation is writing too fast. `queue.unreachable`: The queue does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryRotation: {
        parameters: {
            query?: never;
            header: {
                /** @description ETag of the rotation as the caller knows it. When it has another one by now, nothing is recorded and the reply is 412. `*` is any. */
                "If-Match": string;
            };
            path: {
                rotationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Recorded. */
            202: {
                headers: {
                    /** @description The revision of the rotation, quoted. It changes with each decision, command and phase. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rotation"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-if-match`: If-Match is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.not-found`: Rotation not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.ended`: The rotation has ended. `rotation.nothing-to-retry`: Nothing waits for another try. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `rotation.changed`: The rotation is not the one that was decided on. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.precondition-required`: If-Match is needed. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. `rotation.unreadable`: The journal cannot be read by this release. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. `rotation.busy`: The rotation is writing too fast. `queue.unreachable`: The queue does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAllSchedules: {
        parameters: {
            query?: {
                /** @description Items at most. */
                limit?: number;
                /** @description `nextCursor` of the page before; left out for the first. */
                cursor?: string;
            };
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first, each with what its last tick found. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["NamedSchedule"][];
                        /** @description Where the next page begins; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. `page.bad-cursor`: The cursor is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readSelf: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Of the key or token that came with the request. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Self"];
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /** @description Items at most. */
                limit?: number;
                /** @description `nextCursor` of the page before; left out for the first. */
                cursor?: string;
            };
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Webhook"][];
                        /** @description Where the next page begins; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. `page.bad-cursor`: The cursor is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWebhook"];
            };
        };
        responses: {
            /** @description Recorded. The secret is never shown again. */
            201: {
                headers: {
                    /** @description Path of the webhook. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-json`: The body is not JSON. `request.idempotency-not-kept`: The route keeps no reply to repeat. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `webhook.url-refused`: The URL cannot be used. `webhook.address-refused`: The address is not one of the internet. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path: {
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Without its secret. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `webhook.not-found`: Webhook not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is told nothing more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `webhook.not-found`: Webhook not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WebhookChange"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-json`: The body is not JSON. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `webhook.not-found`: Webhook not found. `fleet.not-found`: Fleet not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `webhook.url-refused`: The URL cannot be used. `webhook.address-refused`: The address is not one of the internet. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhookDeliveries: {
        parameters: {
            query?: {
                /** @description Items at most. */
                limit?: number;
                /** @description `nextCursor` of the page before; left out for the first. */
                cursor?: string;
                /** @description Only these. */
                status?: "pending" | "delivered" | "failed";
            };
            header?: {
                /** @description An ETag that is known already: while it is still the one, the reply is 304 and has no body. */
                "If-None-Match"?: string;
            };
            path: {
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    /** @description Of what is shown: another one when anything of it is different. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["WebhookDelivery"][];
                        /** @description Where the next page begins; null at the end. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description It is as If-None-Match has it. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `request.invalid`: The request is not valid. `page.bad-cursor`: The cursor is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `webhook.not-found`: Webhook not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redeliverWebhookDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description A fresh random text for each thing that is wanted. Sent again within 24 hours, the same request gets the reply of the first time, with `Idempotency-Replayed: true`, and has no further effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                webhookId: string;
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Recorded; a worker sends it. */
            202: {
                headers: {
                    /** @description `true` where the reply is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-idempotency-key`: Idempotency-Key is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `webhook.not-found`: Webhook not found. `webhook-delivery.not-found`: Delivery not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.idempotency-in-flight`: The request is being answered. `webhook-delivery.pending`: The delivery is still to be sent by itself. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.idempotency-mismatch`: The Idempotency-Key is of another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateWebhookSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecretOverlap"];
            };
        };
        responses: {
            /** @description The new secret, never shown again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookWithSecret"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-json`: The body is not JSON. `request.idempotency-not-kept`: The route keeps no reply to repeat. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `webhook.not-found`: Webhook not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-large`: The body is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unsupported-media-type`: The body is not of a type that is read here. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description A fresh random text for each thing that is wanted. Sent again within 24 hours, the same request gets the reply of the first time, with `Idempotency-Replayed: true`, and has no further effect. */
                "Idempotency-Key"?: string;
            };
            path: {
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Recorded; a worker sends it. */
            202: {
                headers: {
                    /** @description `true` where the reply is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookDelivery"];
                };
            };
            /** @description `request.invalid`: The request is not valid. `request.malformed-idempotency-key`: Idempotency-Key is not usable. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.unauthorised`: A good API key or token is needed. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.forbidden`: The role may not do that. `request.out-of-scope`: It reaches beyond the fleets of the caller. `oidc.unmapped`: The token gives no role or no fleet here. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `webhook.not-found`: Webhook not found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.idempotency-in-flight`: The request is being answered. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.idempotency-mismatch`: The Idempotency-Key is of another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `request.too-many`: Too many requests. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `windlass.defect`: Something is broken in Windlass. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `oidc.unreachable`: The issuer of tokens does not answer. `database.unreachable`: The database does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
