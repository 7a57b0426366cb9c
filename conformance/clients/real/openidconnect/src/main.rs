//! openidconnect (https://docs.rs/openidconnect) behind the adapter protocol, put together as its examples do.
//!
//! It keeps no session, so that is done here and is not the library's: holding the tokens, keeping the refresh token when a
//! reply brings none, renewing when the lifetime is over, comparing the redirect's state.
mod kit;
mod words;

use chrono::{DateTime, Utc};
use kit::{Answer, Failure};
use openidconnect::core::*;
use openidconnect::{reqwest, url::Url, *};
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};
use words::{told, worded};

/// The metadata with the endpoint of RFC 8628, as the library's example declares it.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct WithDevice {
    device_authorization_endpoint: Option<DeviceAuthorizationUrl>,
}
impl AdditionalProviderMetadata for WithDevice {}
type Metadata = ProviderMetadata<
    WithDevice, CoreAuthDisplay, CoreClientAuthMethod, CoreClaimName, CoreClaimType, CoreGrantType,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJsonWebKey, CoreResponseMode, CoreResponseType,
    CoreSubjectIdentifierType,
>;
type Client = CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

#[derive(Default)]
struct Session {
    args: Value,
    metadata: Option<Metadata>,
    pending: Option<(CsrfToken, Nonce, PkceCodeVerifier)>,
    device: Option<CoreDeviceAuthorizationResponse>,
    held: Value, // access_token, refresh_token, expires_at
}

fn clock() -> DateTime<Utc> {
    DateTime::from_timestamp_micros((kit::now() * 1e6) as i64).unwrap_or_default()
}

fn http() -> Result<reqwest::blocking::Client, Failure> {
    // "Following redirects opens the client up to SSRF vulnerabilities": its documentation.
    let builder = reqwest::blocking::ClientBuilder::new().redirect(reqwest::redirect::Policy::none());
    builder.build().map_err(|error| Failure::new("config", worded(&error)))
}

impl Session {
    fn text(&self, name: &str) -> String {
        self.args[name].as_str().unwrap_or_default().to_owned()
    }

    fn scopes(&self) -> Vec<Scope> {
        let scopes = self.args["scopes"].as_array().cloned().unwrap_or_default();
        scopes.iter().filter_map(|scope| Some(Scope::new(scope.as_str()?.to_owned()))).collect()
    }

    fn metadata(&mut self) -> Result<Metadata, Failure> {
        if self.metadata.is_none() {
            let issuer = IssuerUrl::new(self.text("issuer")).map_err(|error| Failure::new("config", worded(&error)))?;
            let found = Metadata::discover(&issuer, &http()?).map_err(|error| Failure::new("protocol", worded(&error)))?;
            self.metadata = Some(found);
        }
        Ok(self.metadata.clone().expect("found above"))
    }

    fn client(&mut self) -> Result<Client, Failure> {
        let secret = self.args["client_auth"]["secret"].as_str().filter(|secret| !secret.is_empty());
        let secret = secret.map(|secret| ClientSecret::new(secret.to_owned()));
        let basic = self.args["client_auth"]["method"] == "client_secret_basic";
        let id = ClientId::new(self.text("client_id"));
        Ok(CoreClient::from_provider_metadata(self.metadata()?, id, secret)
            .set_auth_type(if basic { AuthType::BasicAuth } else { AuthType::RequestBody }))
    }

    fn redirect(&self) -> Result<RedirectUrl, Failure> {
        RedirectUrl::new(self.text("redirect_uri")).map_err(|error| Failure::new("config", worded(&error)))
    }

    fn authorization_url(&mut self) -> Answer {
        let client = self.client()?.set_redirect_uri(self.redirect()?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        // The library adds the scope openid by itself.
        let scopes = self.scopes().into_iter().filter(|scope| scope.as_str() != "openid");
        let mut request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(scopes)
            .set_pkce_challenge(challenge);
        if let Some(audience) = self.args["audience"].as_str() {
            request = request.add_extra_param("audience", audience.to_owned());
        }
        let (url, state, nonce) = request.url();
        self.pending = Some((state, nonce, verifier));
        Ok(json!({"url": url}))
    }

    fn callback(&mut self, redirect: &str) -> Answer {
        let url = Url::parse(redirect).map_err(|error| Failure::new("config", worded(&error)))?;
        let field = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        let (state, nonce, verifier) = self.pending.take().ok_or(Failure::new("config", "no login was begun"))?;
        if field("state").as_ref() != Some(state.secret()) {
            return Err(Failure::new("validation", "the redirect answers another request"));
        }
        if let Some(error) = field("error") {
            return Err(words::refused(error, "in the redirect".to_owned()));
        }
        let code = AuthorizationCode::new(field("code").unwrap_or_default());
        let client = self.client()?.set_redirect_uri(self.redirect()?);
        let request = client.exchange_code(code).map_err(|error| Failure::new("config", worded(&error)))?;
        let tokens = request.set_pkce_verifier(verifier).request(&http()?).map_err(told)?;
        self.verified(tokens, &nonce)
    }

    /// Verifies the ID token, if there is one, and keeps the tokens.
    fn verified(&mut self, tokens: CoreTokenResponse, nonce: impl NonceVerifier) -> Answer {
        if let Some(id_token) = tokens.extra_fields().id_token() {
            let client = self.client()?;
            let verifier = client.id_token_verifier().set_time_fn(clock);
            id_token.claims(&verifier, nonce).map_err(|error| Failure::new("validation", worded(&error)))?;
        }
        self.keep(tokens)
    }

    fn keep(&mut self, tokens: CoreTokenResponse) -> Answer {
        if let Some(newer) = tokens.refresh_token() {
            self.held["refresh_token"] = json!(newer.secret());
        }
        self.held["access_token"] = json!(tokens.access_token().secret());
        self.held["expires_at"] = json!(tokens.expires_in().map(|left| kit::now() + left.as_secs_f64()));
        Ok(json!({"access_token": self.held["access_token"], "expires_at": self.held["expires_at"]}))
    }

    fn device_initiate(&mut self) -> Answer {
        let endpoint = self.metadata()?.additional_metadata().device_authorization_endpoint.clone();
        let endpoint = endpoint.ok_or(Failure::new("config", "the issuer has no device flow"))?;
        let client = self.client()?.set_device_authorization_url(endpoint);
        let scopes = self.scopes().into_iter().filter(|scope| scope.as_str() != "openid");
        let begun: CoreDeviceAuthorizationResponse =
            client.exchange_device_code().add_scopes(scopes).request(&http()?).map_err(told)?;
        let answer = serde_json::to_value(&begun).unwrap_or_default();
        self.device = Some(begun);
        Ok(answer)
    }

    fn device_complete(&mut self) -> Answer {
        let begun = self.device.take().ok_or(Failure::new("config", "no login was begun"))?;
        let client = self.client()?;
        let request = client.exchange_device_access_token(&begun).map_err(|error| Failure::new("config", worded(&error)))?;
        let tokens = request.set_time_fn(clock).request(&http()?, kit::sleep, None).map_err(told)?;
        self.verified(tokens, |_: Option<&Nonce>| Ok(()))
    }

    fn renew(&mut self) -> Answer {
        let client = self.client()?;
        if self.args["flow"] == "client_credentials" {
            let request = client.exchange_client_credentials().map_err(|error| Failure::new("config", worded(&error)))?;
            let tokens = request.add_scopes(self.scopes()).request(&http()?).map_err(told)?;
            return self.keep(tokens);
        }
        let kind = if self.held["access_token"].is_string() { "reauth_required" } else { "no_credentials" };
        let held = self.held["refresh_token"].as_str().ok_or(Failure::new(kind, "there is no refresh token"))?;
        let token = RefreshToken::new(held.to_owned());
        let request = client.exchange_refresh_token(&token).map_err(|error| Failure::new("config", worded(&error)))?;
        let tokens = request.request(&http()?).map_err(told)?;
        self.keep(tokens)
    }

    fn get_access_token(&mut self) -> Answer {
        let good = self.held["access_token"].is_string() && self.held["expires_at"].as_f64().map_or(true, |end| kit::now() < end);
        if !good {
            return self.renew();
        }
        Ok(json!({"access_token": self.held["access_token"], "expires_at": self.held["expires_at"]}))
    }

    fn userinfo(&mut self) -> Answer {
        let token = self.get_access_token()?["access_token"].as_str().unwrap_or_default().to_owned();
        let client = self.client()?;
        let request = client.user_info(AccessToken::new(token), None).map_err(|error| Failure::new("config", worded(&error)))?;
        let claims: CoreUserInfoClaims = request.request(&http()?).map_err(|error| Failure::new("other", worded(&error)))?;
        Ok(serde_json::to_value(claims).unwrap_or_default())
    }

    fn answer(&mut self, name: &str, args: &Value) -> Option<Answer> {
        let text = |name: &str| args[name].as_str().unwrap_or_default();
        Some(match name {
            "configure" => {
                *self = Session { args: args.clone(), held: json!({}), ..Session::default() };
                Ok(json!({}))
            }
            "authorization_url" => self.authorization_url(),
            "callback" => self.callback(text("url")),
            "device_initiate" => self.device_initiate(),
            "device_complete" => self.device_complete(),
            "get_access_token" => self.get_access_token(),
            "refresh" => self.renew(),
            "userinfo" => self.userinfo(),
            "storage_seed" => {
                self.held = args["credential"].clone();
                self.held["expires_at"] = args["credential"]["_exp"].clone();
                Ok(json!({}))
            }
            _ => return None,
        })
    }
}

fn main() {
    let mut session = Session::default();
    let hello = json!({
        "protocol": 2, "time": "virtual", "sut": {"name": "openidconnect", "version": "4.1.0", "language": "rust"},
        "ops": ["configure", "authorization_url", "callback", "device_initiate", "device_complete", "get_access_token", "refresh",
                "userinfo", "storage_seed"],
        "flows": ["code", "device", "client_credentials"], "capabilities": [], "books": [],
        "auth_methods": ["none", "client_secret_basic", "client_secret_post"],
        "policy": {"refresh": {"on": "expiry"}, "retries": "caller", "redirect": "callback"},
    });
    kit::serve(hello, |name, args| session.answer(name, args));
}
