package main

import (
	"context"
	"crypto/x509"
	"errors"
	"net/url"

	"assay.invalid/kit"
	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

func invalid(err error) error {
	var expired *oidc.TokenExpiredError
	if errors.As(err, &expired) {
		return &kit.Error{Kind: "validation", Reason: "exp", Message: err.Error()}
	}
	return &kit.Error{Kind: "validation", Message: err.Error()}
}

func kindOf(oauthError string, status int) string {
	kinds := map[string]string{"invalid_grant": "reauth_required", "access_denied": "denied", "expired_token": "expired"}
	if kind, known := kinds[oauthError]; known {
		return kind
	}
	if status >= 500 {
		return "server_error"
	}
	return "other"
}

// told puts the libraries' errors into the words of the protocol. They type too few of them for typed_errors.
func told(op kit.Op) kit.Op {
	return func(k *kit.Kit, args kit.Args) (any, error) {
		result, err := op(k, args)
		var refused *oauth2.RetrieveError
		var authority x509.UnknownAuthorityError
		var network *url.Error
		switch {
		case errors.As(err, &refused):
			status := refused.Response.StatusCode
			return nil, &kit.Error{Kind: kindOf(refused.ErrorCode, status), OAuthError: refused.ErrorCode, HTTPStatus: status,
				Message: err.Error()}
		case errors.As(err, &authority):
			return nil, &kit.Error{Kind: "tls", Message: err.Error()}
		case errors.Is(err, context.DeadlineExceeded):
			return nil, &kit.Error{Kind: "expired", Message: err.Error()}
		case errors.As(err, &network):
			return nil, &kit.Error{Kind: "network", Message: err.Error()}
		}
		return result, err
	}
}
