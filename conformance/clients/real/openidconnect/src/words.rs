//! The library's errors in the words of the protocol. It types too few of them for typed_errors.
use std::error::Error;

use openidconnect::{reqwest, ErrorResponse, HttpClientError, RequestTokenError};

use crate::kit::Failure;

/// An error with its causes.
pub fn worded(error: &dyn Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", worded(cause)),
        None => error.to_string(),
    }
}

pub fn refused(oauth_error: String, message: String) -> Failure {
    let kind = match oauth_error.as_str() {
        "invalid_grant" => "reauth_required",
        "access_denied" => "denied",
        "expired_token" => "expired",
        _ => "other",
    };
    Failure { kind, message, oauth_error: Some(oauth_error) }
}

pub fn told<T: ErrorResponse>(error: RequestTokenError<HttpClientError<reqwest::Error>, T>) -> Failure {
    match &error {
        RequestTokenError::ServerResponse(reply) => {
            let members = serde_json::to_value(reply).unwrap_or_default();
            refused(members["error"].as_str().unwrap_or_default().to_owned(), worded(&error))
        }
        RequestTokenError::Request(_) => Failure::new("network", worded(&error)),
        RequestTokenError::Parse(..) => Failure::new("protocol", worded(&error)),
        RequestTokenError::Other(_) => Failure::new("other", worded(&error)),
    }
}
