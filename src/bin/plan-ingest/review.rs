//! The review page served to this machine alone: `corrections.yaml` is written as the person saves.

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use jiff::civil::Date;
use plan_ingest::correct::Corrections;
use plan_ingest::error::{Error, Kind};
use plan_ingest::render::{Folder, Home, Renderer, folder, version};
use plan_ingest::{Result, rules::RuleBook};
use tokio::net::TcpListener;

/// No person says more than this of one plan.
const MOST_BYTES: usize = 16 << 20;

/// What every request needs.
struct Desk {
    dir: PathBuf,
    today: Date,
    renderer: Renderer,
    /// Only the page that was opened with it may ask for anything.
    token: String,
    /// Our own address, as browsers name it: `127.0.0.1:8123`.
    host: String,
}

/// A server that waits to be run.
pub struct Server {
    listener: std::net::TcpListener,
    desk: Arc<Desk>,
}

impl Server {
    /// A server of the page of the plan in `dir`, on a free port of this machine (or on `port`), reachable from it alone.
    pub fn new(dir: PathBuf, rules: &RuleBook, today: Date, port: u16) -> Result<Self> {
        // What can't be shown is told before a browser is opened.
        Folder::open(&dir)?;
        let renderer = Renderer::new(rules)?;
        let unbound = |e| Error::new(Kind::Usage).detail(format!("port taken: {port}")).hint("another port").because(e);
        let listener = std::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).map_err(unbound)?;
        listener.set_nonblocking(true).map_err(unbound)?;
        let host = listener.local_addr().map_err(unbound)?.to_string();
        Ok(Self { listener, desk: Arc::new(Desk { dir, today, renderer, token: token()?, host }) })
    }

    /// Where the page is; nobody can guess it.
    pub fn address(&self) -> String {
        format!("http://{}/{}/", self.desk.host, self.desk.token)
    }

    /// Serves until `stop` is done; what is being saved then is saved first.
    pub fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        let failed = |e: std::io::Error| Error::new(Kind::Crashed).because(e);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        runtime.block_on(async {
            let listener = TcpListener::from_std(self.listener).map_err(failed)?;
            axum::serve(listener, routes(self.desk)).with_graceful_shutdown(stop).await.map_err(failed)
        })
    }
}

/// Done when the person presses Ctrl-C.
pub async fn interrupted() {
    if let Err(e) = tokio::signal::ctrl_c().await {
        tracing::warn!("Ctrl-C is not heard: {e}");
        std::future::pending::<()>().await;
    }
}

/// 128 bits that nobody can guess.
fn token() -> Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|e| Error::new(Kind::Missing).detail(e.to_string()))?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

fn routes(desk: Arc<Desk>) -> Router {
    Router::new()
        .route("/{token}/", get(page))
        .route("/{token}/corrections", post(save))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .layer(middleware::from_fn_with_state(Arc::clone(&desk), guard))
        .with_state(desk)
}

/// Lets through what comes from this machine under our own name, and what is written only from our own page.
async fn guard(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let mut answer = if is_ours(&desk, request.headers()) { next.run(request).await } else { StatusCode::FORBIDDEN.into_response() };
    let headers = answer.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    answer
}

fn is_ours(desk: &Desk, headers: &HeaderMap) -> bool {
    let said = |name| headers.get(name).map(|v: &HeaderValue| v.to_str().unwrap_or("?"));
    // A name of somebody else's that leads here (DNS rebinding) is not ours.
    let host = said(header::HOST) == Some(desk.host.as_str());
    let origin = said(header::ORIGIN).is_none_or(|o| o.strip_prefix("http://") == Some(desk.host.as_str()));
    host && origin
}

/// The page, made anew from the folder, so that what was saved is in it.
async fn page(State(desk): State<Arc<Desk>>, Path(token): Path<String>) -> Response {
    if token != desk.token {
        return StatusCode::NOT_FOUND.into_response();
    }
    match made(&desk) {
        Ok(html) => Html(html).into_response(),
        Err(e) => (StatusCode::INTERNAL_SERVER_ERROR, e.to_string()).into_response(),
    }
}

fn made(desk: &Desk) -> Result<String> {
    let Folder { mut report, reading, corrections, .. } = Folder::open(&desk.dir)?;
    desk.renderer.correct(&mut report, &corrections, &[]);
    desk.renderer.review(&report, &reading, &corrections, desk.today, Home::Server)
}

/// Takes the page's `corrections.yaml`: read as strictly as the next run will read it, and then put in place as a whole.
async fn save(State(desk): State<Arc<Desk>>, Path(token): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    if token != desk.token {
        return StatusCode::NOT_FOUND.into_response();
    }
    // A page of somebody else's can't send this kind without asking, and nobody answers it.
    if headers.get(header::ORIGIN).is_none() || headers.get(header::CONTENT_TYPE).is_none_or(|t| t != "application/yaml") {
        return StatusCode::FORBIDDEN.into_response();
    }
    match put(&desk, &headers, &body) {
        Ok(Some(version)) => (StatusCode::NO_CONTENT, [(header::ETAG, version)]).into_response(),
        Ok(None) => StatusCode::PRECONDITION_FAILED.into_response(),
        Err(e) => (StatusCode::UNPROCESSABLE_ENTITY, e.to_string()).into_response(),
    }
}

/// Writes what was sent, and gives its version; nothing is written when the file is no longer the one that the page was made from. One
/// request is answered at a time, so nobody comes between looking and writing.
fn put(desk: &Desk, headers: &HeaderMap, body: &[u8]) -> Result<Option<String>> {
    let tag = |corrections: &Corrections| format!("\"{}\"", version(corrections));
    let corrections = Corrections::read(&String::from_utf8_lossy(body))?;
    let now = tag(&folder::corrections(&desk.dir)?);
    if headers.get(header::IF_MATCH).is_none_or(|known| known != now.as_str()) {
        return Ok(None);
    }
    folder::save_corrections(&desk.dir, &corrections)?;
    Ok(Some(tag(&folder::corrections(&desk.dir)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};

    /// A copy of the plan of the fixtures, served until the guard is dropped.
    struct Served {
        dir: tempfile::TempDir,
        host: String,
        token: String,
        stop: Option<tokio::sync::oneshot::Sender<()>>,
        thread: Option<std::thread::JoinHandle<Result<()>>>,
    }

    fn served() -> Served {
        let dir = tempfile::tempdir().expect("a folder");
        let plan = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/render/plan");
        for file in ["plan.yaml", "repaired.txt", "repairs.yaml"] {
            std::fs::copy(plan.join(file), dir.path().join(file)).expect("copies");
        }
        let server = Server::new(dir.path().into(), &RuleBook::embedded(), jiff::civil::date(2025, 8, 21), 0).expect("a server");
        let (host, token) = (server.desk.host.clone(), server.desk.token.clone());
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let thread = std::thread::spawn(move || server.run(async { stopped.await.unwrap_or_default() }));
        Served { dir, host, token, stop: Some(stop), thread: Some(thread) }
    }

    impl Served {
        fn ask(&self, request: &str, body: &str) -> String {
            let mut stream = std::net::TcpStream::connect(&self.host).expect("connects");
            let request = request.replace("{host}", &self.host).replace("{token}", &self.token);
            write!(stream, "{request}Connection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len()).expect("asks");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).expect("answers");
            answer
        }

        fn post(&self, origin: &str, body: &str) -> String {
            let known = format!("If-Match: \"{}\"\r\n", version(&self.corrections()));
            self.post_over(&known, origin, body)
        }

        /// Sends `body` as a page that was made from the file of `known`.
        fn post_over(&self, known: &str, origin: &str, body: &str) -> String {
            let head =
                format!("POST /{{token}}/corrections HTTP/1.1\r\nHost: {{host}}\r\n{origin}{known}Content-Type: application/yaml\r\n");
            self.ask(&head, body)
        }

        fn corrections(&self) -> Corrections {
            folder::corrections(self.dir.path()).expect("reads")
        }
    }

    const OURS: &str = "Origin: http://{host}\r\n";
    const SAID: &str = "corrections: 1\nremoved:\n- {about: task, id: III.3-1, quote: x}\n";

    #[test]
    fn the_page_is_served_and_what_it_saves_is_written() {
        let mut served = served();
        assert!(served.host.starts_with("127.0.0.1:"));
        let page = served.ask("GET /{token}/ HTTP/1.1\r\nHost: {host}\r\n", "");
        assert!(page.starts_with("HTTP/1.1 200") && page.contains("connect-src 'self'") && page.contains("\"served\":true"));
        assert!(page.to_lowercase().contains("x-frame-options: deny"));
        assert!(served.post(OURS, SAID).starts_with("HTTP/1.1 204"));
        assert_eq!(served.corrections().removed.len(), 1);
        // What the next run would not understand never replaces what it does.
        let refused = served.post(OURS, "corrections: 1\nremved: []\n");
        assert!(refused.starts_with("HTTP/1.1 422") && refused.contains("remved"), "{refused}");
        assert_eq!(served.corrections().removed.len(), 1);
        // A page made from an older file does not write over a newer one.
        let old = format!("If-Match: \"{}\"\r\n", version(&Corrections::default()));
        for known in [old.as_str(), "", "If-Match: *\r\n"] {
            assert!(served.post_over(known, OURS, "corrections: 1\n").starts_with("HTTP/1.1 412"), "{known}");
        }
        assert_eq!(served.corrections().removed.len(), 1);
        // Nobody else gets the port meanwhile.
        let port = served.host.rsplit(':').next().and_then(|p| p.parse().ok()).expect("a port");
        let taken =
            Server::new(served.dir.path().into(), &RuleBook::embedded(), jiff::civil::date(2025, 8, 21), port).err().expect("taken");
        assert_eq!((taken.kind(), taken.hint_text()), (Kind::Usage, Some("another port")));
        served.stop.take().map(|stop| stop.send(()));
        served.thread.take().expect("runs").join().expect("no panic").expect("stops well");
        assert!(std::net::TcpStream::connect(&served.host).is_err(), "nobody listens any more");
    }

    #[test]
    fn nobody_else_is_answered() {
        let served = served();
        for request in [
            "GET / HTTP/1.1\r\nHost: {host}\r\n",
            "GET /0123456789abcdef0123456789abcdef/ HTTP/1.1\r\nHost: {host}\r\n",
            "GET /{token}/ HTTP/1.1\r\nHost: evil.example\r\n",
            "GET /{token}/ HTTP/1.1\r\nHost: {host}\r\nOrigin: http://evil.example\r\n",
            "GET /{token}/ HTTP/1.1\r\nHost: {host}\r\nOrigin: null\r\n",
            "GET /{token}/../../Cargo.toml HTTP/1.1\r\nHost: {host}\r\n",
        ] {
            let answer = served.ask(request, "");
            assert!(answer.starts_with("HTTP/1.1 403") || answer.starts_with("HTTP/1.1 404"), "{request}: {answer}");
        }
        for origin in ["", "Origin: null\r\n", "Origin: http://evil.example\r\n", "Origin: https://{host}\r\n"] {
            assert!(served.post(origin, SAID).starts_with("HTTP/1.1 403"), "{origin}");
        }
        assert!(served.corrections().is_empty());
    }
}
