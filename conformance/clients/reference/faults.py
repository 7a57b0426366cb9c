"""The named ways to do it wrong. `reference.py --fault NAME` switches on one of them.

Each is an `if faults.on("name"):` next to the right way, so that the difference can be read.
"""

FAULTS = {
    # Refreshing and storing
    "drop_rotation": "keeps the old refresh token when a refresh brings a new one",
    "drop_old_refresh_token": "forgets the refresh token when a refresh brings none",
    "no_persist": "keeps tokens in memory only",
    "forget_unknown_members": "stores only the members of a token reply that it knows",
    "world_readable": "stores tokens in a file with mode 0644",
    "truncate_in_place": "overwrites the stored file in place instead of replacing it",
    "wipe_on_failure": "removes the stored session when a refresh fails",
    "crash_on_corrupt_store": "raises when the stored file cannot be read",
    "resurrect_session": "refreshes from memory although the stored session was removed",
    "no_lock_reload": "refreshes without a lock and without reading the stored session again",
    "refresh_every_call": "refreshes for every call",
    "expiry_from_load": "counts the lifetime of an opaque token from the moment it is loaded",
    "refresh_too_late": "refreshes only when the token is past its expiry",
    "use_expired_token": "hands out an expired access token instead of refreshing it",
    "retry_dead_refresh_token": "presents a refresh token again that was refused with invalid_grant",
    "no_backoff": "tries to refresh at every call after a refresh failed",
    "fail_while_valid": "reports a failed refresh although the access token is still valid",
    "lifetime_number_only": "ignores an expires_in that is a string of digits",
    "scope_in_refresh": "asks for its scopes again in a refresh",
    "empty_refresh": "sends a refresh without a refresh token when it holds none",
    "ignore_lone_refresh_token": "takes a stored session without an access token for none",
    "fail_on_save_error": "reports a failure when tokens that it just got cannot be saved",
    "crash_on_missing_expires_in": "raises when a token reply has no expires_in",
    # Getting ready
    "refresh_at_start": "refreshes to get ready although the stored token is good",
    "prompt_unasked": "opens a browser although nobody permitted it",
    "no_login_after_refused_refresh": "fails to get ready when the refresh is refused, instead of logging in",
    # HTTP
    "ignore_retry_after": "tries again at once after 429, whatever Retry-After says",
    "retry_after_int_only": "reads Retry-After only if it is a number",
    "forget_retry_after": "backs off by itself after a failed refresh, and forgets what Retry-After said",
    "sleep_any_retry_after": "sleeps however long Retry-After says",
    "retry_lost_post": "sends a POST again when its reply was lost",
    "token_type_case": "compares the token type with its case",
    "refuse_unknown_members": "refuses a token reply with members that it does not know",
    "token_in_query": "sends the access token in the URL",
    "remember_failed_discovery": "remembers that the metadata could not be fetched",
    "any_json": "takes any reply for a token reply",
    # Device flow
    "ignore_interval": "polls once a second whatever the interval",
    "first_poll_at_once": "polls at once after the device code was issued",
    "ignore_slow_down": "treats slow_down like authorization_pending",
    "slow_down_not_cumulative": "adds 5 s for the first slow_down only",
    "poll_without_deadline": "polls for half an hour when nobody said how long the code lives",
    "denied_as_pending": "goes on polling after access_denied",
    "poll_past_expiry": "goes on polling after the device code expired",
    "give_up_on_5xx": "ends the device login at the first 5xx, 429 or lost connection",
    # Code flow
    "no_state_check": "redeems a code whatever the state of the redirect",
    "no_iss_check": "does not look at the iss of the redirect",
    "no_nonce_check": "does not look at the ID token's nonce",
    "plain_pkce": "sends the verifier itself as the challenge",
    "vague_denial": "reports the user's refusal as some error",
    "hang_up_on_stray": "takes the first request to its listener for the redirect",
    # Client authentication
    "basic_unencoded": "does not form-encode id and secret for HTTP Basic",
    # Token validation
    "accept_alg_none": "accepts unsigned tokens",
    "accept_hs256": "verifies tokens signed with HMAC, under the public key",
    "skip_signature": "does not verify signatures",
    "skip_audience": "does not look at aud",
    "skip_issuer": "does not look at iss",
    "skip_expiry": "does not look at exp",
    "no_key_cache": "fetches the issuer's keys for every token",
    "keys_before_looking": "fetches the issuer's keys before it looks at the token",
    "drop_keys_on_failed_fetch": "forgets the keys it has when they cannot be fetched again",
    "never_refetch_jwks": "fetches the issuer's keys only once",
    "refetch_every_unknown_kid": "fetches the issuer's keys for every unknown kid",
    "skip_discovery_issuer": "does not compare the issuer in the metadata",
    # Secrets
    "log_secrets": "logs the tokens it gets",
    "log_headers": "logs the header fields it sends, Authorization too",
}

active = ""


def on(name):
    assert name in FAULTS, name
    return name == active
