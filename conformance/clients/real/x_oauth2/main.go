// golang.org/x/oauth2 with github.com/coreos/go-oidc/v3 behind the adapter protocol, put together as the examples of their
// documentation do.
//
// What these leave to the application is done here and is not the libraries': comparing state and nonce, telling what an
// error in the redirect means, keeping the session between two calls.
package main

import (
	"context"
	"flag"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"assay.invalid/kit"
	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

type session struct {
	args                   kit.Args
	ctx                    context.Context
	provider               *oidc.Provider
	config                 *oauth2.Config
	source                 oauth2.TokenSource
	refreshToken           string
	device                 *oauth2.DeviceAuthResponse
	verifier, nonce, state string
}

// Where an application says nothing, the library finds out by itself how a server wants the client to authenticate.
var probe = flag.Bool("probe", false, "say nothing about the client's authentication")

var current *session

func configure(k *kit.Kit, args kit.Args) (any, error) {
	current = &session{args: args, ctx: oidc.ClientContext(context.Background(), k.Client())}
	return nil, nil
}

// discovered is an operation that needs the issuer's metadata: asked for when first needed, and again if that failed.
func discovered(op func(s *session, args kit.Args) (any, error)) kit.Op {
	return func(_ *kit.Kit, args kit.Args) (any, error) {
		s := current
		if s.provider == nil {
			provider, err := oidc.NewProvider(s.ctx, s.args.Text("issuer"))
			if err != nil {
				return nil, err
			}
			s.provider = provider
			endpoint := provider.Endpoint()
			if !*probe {
				endpoint.AuthStyle = oauth2.AuthStyleInParams
				if s.args.Object("client_auth").Text("method") == "client_secret_basic" {
					endpoint.AuthStyle = oauth2.AuthStyleInHeader
				}
			}
			s.config = &oauth2.Config{
				ClientID: s.args.Text("client_id"), ClientSecret: s.args.Object("client_auth").Text("secret"),
				RedirectURL: s.args.Text("redirect_uri"),
				Endpoint:    endpoint, Scopes: s.args.Texts("scopes"),
			}
		}
		return op(s, args)
	}
}

func (s *session) audience() (options []oauth2.AuthCodeOption) {
	if audience := s.args.Text("audience"); audience != "" {
		options = append(options, oauth2.SetAuthURLParam("audience", audience))
	}
	return options
}

func authorizationURL(s *session, _ kit.Args) (any, error) {
	s.verifier, s.nonce, s.state = oauth2.GenerateVerifier(), oauth2.GenerateVerifier(), oauth2.GenerateVerifier()
	options := append(s.audience(), oidc.Nonce(s.nonce), oauth2.S256ChallengeOption(s.verifier))
	return map[string]any{"url": s.config.AuthCodeURL(s.state, options...)}, nil
}

func callback(s *session, args kit.Args) (any, error) {
	redirect, err := url.Parse(args.Text("url"))
	if err != nil {
		return nil, err
	}
	answer := redirect.Query()
	if answer.Get("state") != s.state {
		return nil, &kit.Error{Kind: "validation", Reason: "state"}
	}
	if reason := answer.Get("error"); reason != "" {
		return nil, &kit.Error{Kind: kindOf(reason, 0), OAuthError: reason}
	}
	token, err := s.config.Exchange(s.ctx, answer.Get("code"), oauth2.VerifierOption(s.verifier))
	return s.accept(token, err, s.nonce)
}

func deviceInitiate(s *session, _ kit.Args) (any, error) {
	device, err := s.config.DeviceAuth(s.ctx, s.audience()...)
	s.device = device
	return device, err
}

func deviceComplete(s *session, _ kit.Args) (any, error) {
	token, err := s.config.DeviceAccessToken(s.ctx, s.device)
	return s.accept(token, err, "")
}

// accept verifies the ID token, if there is one, and keeps the tokens.
func (s *session) accept(token *oauth2.Token, err error, nonce string) (any, error) {
	if err != nil {
		return nil, err
	}
	if raw, ok := token.Extra("id_token").(string); ok {
		claims, err := s.provider.Verifier(&oidc.Config{ClientID: s.config.ClientID}).Verify(s.ctx, raw)
		if err != nil {
			return nil, invalid(err)
		}
		if nonce != "" && claims.Nonce != nonce {
			return nil, &kit.Error{Kind: "validation", Reason: "nonce"}
		}
	}
	s.source = s.config.TokenSource(s.ctx, token)
	return s.result(token, nil)
}

func (s *session) result(token *oauth2.Token, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	s.refreshToken = token.RefreshToken
	return map[string]any{"access_token": token.AccessToken, "expires_at": token.Expiry.Unix()}, nil
}

// tokens is where the client's tokens come from.
func (s *session) tokens() (oauth2.TokenSource, error) {
	if s.source == nil && s.args.Text("flow") != "client_credentials" {
		return nil, &kit.Error{Kind: "no_credentials", Message: "nobody has logged in"}
	}
	if s.source == nil {
		service := clientcredentials.Config{ClientID: s.config.ClientID, ClientSecret: s.config.ClientSecret,
			TokenURL: s.config.Endpoint.TokenURL, AuthStyle: s.config.Endpoint.AuthStyle, Scopes: s.config.Scopes}
		if audience := s.args.Text("audience"); audience != "" {
			service.EndpointParams = url.Values{"audience": {audience}}
		}
		s.source = service.TokenSource(s.ctx)
	}
	return s.source, nil
}

func getAccessToken(s *session, _ kit.Args) (any, error) {
	source, err := s.tokens()
	if err != nil {
		return nil, err
	}
	return s.result(source.Token())
}

func refresh(s *session, _ kit.Args) (any, error) {
	source := s.config.TokenSource(s.ctx, &oauth2.Token{RefreshToken: s.refreshToken})
	answer, err := s.result(source.Token())
	if err == nil {
		s.source = source
	}
	return answer, err
}

func storageSeed(s *session, args kit.Args) (any, error) {
	given := args.Object("credential")
	token := &oauth2.Token{AccessToken: given.Text("access_token"), RefreshToken: given.Text("refresh_token"),
		TokenType: given.Text("token_type")}
	if expiry, ok := given["_exp"].(float64); ok {
		token.Expiry = time.Unix(int64(expiry), 0)
	}
	s.source, s.refreshToken = s.config.TokenSource(s.ctx, token), token.RefreshToken
	return nil, nil
}

func request(s *session, args kit.Args) (any, error) {
	source, err := s.tokens()
	if err != nil {
		return nil, err
	}
	target, method := args.Text("url"), args.Text("method")
	if target == "" {
		target = s.provider.UserInfoEndpoint()
	}
	question, err := http.NewRequest(method, target, nil)
	if err != nil {
		return nil, err
	}
	reply, err := oauth2.NewClient(s.ctx, source).Do(question)
	if err != nil {
		return nil, err
	}
	reply.Body.Close()
	return map[string]any{"status": reply.StatusCode}, nil
}

func userinfo(s *session, _ kit.Args) (any, error) {
	source, err := s.tokens()
	if err != nil {
		return nil, err
	}
	info, err := s.provider.UserInfo(s.ctx, source)
	if err != nil {
		return nil, err
	}
	claims := map[string]any{}
	return claims, info.Claims(&claims)
}

func validate(s *session, args kit.Args) (any, error) {
	audience := s.config.ClientID
	if args.Text("kind") == "access" {
		audience = s.args.Text("audience")
	}
	token, err := s.provider.Verifier(&oidc.Config{ClientID: audience}).Verify(s.ctx, args.Text("token"))
	if err != nil {
		return nil, invalid(err)
	}
	claims := map[string]any{}
	return claims, token.Claims(&claims)
}

func main() {
	ops := map[string]kit.Op{"configure": told(configure)}
	for name, op := range map[string]func(*session, kit.Args) (any, error){
		"authorization_url": authorizationURL, "callback": callback, "device_initiate": deviceInitiate,
		"device_complete": deviceComplete, "get_access_token": getAccessToken, "refresh": refresh, "request": request,
		"userinfo": userinfo, "validate": validate, "storage_seed": storageSeed,
	} {
		ops[name] = told(discovered(op))
	}
	version := ""
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, module := range build.Deps {
			if module.Path == "golang.org/x/oauth2" {
				version = module.Version
			}
		}
	}
	kit.Main(kit.Hello{
		Name: "x-oauth2", Version: version, Flows: []string{"code", "device", "client_credentials"},
		AuthMethods: []string{"none", "client_secret_basic", "client_secret_post"},
		Policy:      map[string]any{"refresh": map[string]any{"before": 10}, "retries": "caller", "redirect": "callback"},
	}, ops)
}
