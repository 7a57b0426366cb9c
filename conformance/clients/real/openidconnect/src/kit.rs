//! What a Rust client needs to talk to Assay (docs/adapters.md), and nothing about OAuth. The library takes its clock and its
//! sleep as parameters, so that nothing needs to be patched.
use std::io::{BufRead, Write};
use std::sync::Mutex;
use std::time::Duration;

use serde_json::{json, Value};

pub struct Failure {
    pub kind: &'static str,
    pub message: String,
    pub oauth_error: Option<String>,
}

impl Failure {
    pub fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Failure { kind, message: message.into(), oauth_error: None }
    }
}

pub type Answer = Result<Value, Failure>;

static EVENTS: Mutex<u64> = Mutex::new(0);

fn write(message: &Value) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{message}").and_then(|()| out.flush()).is_err() {
        std::process::exit(1);
    }
}

fn read() -> Option<Value> {
    let mut line = String::new();
    match std::io::stdin().lock().read_line(&mut line) {
        Ok(length) if length > 0 => serde_json::from_str(&line).ok(),
        _ => None,
    }
}

fn event(name: &str, field: &str, value: Value) -> Value {
    let mut count = EVENTS.lock().unwrap();
    *count += 1;
    let mut message = json!({"ev": name, "n": *count});
    message[field] = value;
    write(&message);
    read().unwrap_or_else(|| std::process::exit(1))
}

/// Seconds since the epoch, on the clock of the run.
pub fn now() -> f64 {
    event("now", "at", Value::Null)["now"].as_f64().unwrap_or(0.0)
}

pub fn sleep(time: Duration) {
    event("sleep", "for", json!(time.as_secs_f64()));
}

/// Answers until the run ends.
pub fn serve(hello: Value, mut operation: impl FnMut(&str, &Value) -> Option<Answer>) {
    while let Some(request) = read() {
        let name = request["op"].as_str().unwrap_or("");
        let answer = match name {
            "shutdown" => return,
            "hello" => Some(Ok(hello.clone())),
            "set_clock" => Some(Ok(json!({"now": now()}))),
            _ => operation(name, &request),
        };
        let mut reply = json!({"id": request["id"]});
        match answer {
            None => reply["unsupported"] = json!("no such operation"),
            Some(Ok(value)) => reply["ok"] = value,
            Some(Err(failure)) => {
                reply["err"] = json!({"kind": failure.kind, "message": failure.message});
                if let Some(error) = failure.oauth_error {
                    reply["err"]["oauth_error"] = json!(error);
                }
            }
        }
        write(&reply);
    }
}
