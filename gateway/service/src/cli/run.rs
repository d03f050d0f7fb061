//! `run`: everything at work, until somebody stops it.

use super::{Failure, Settings, chain};
use crate::{
	api,
	config::Config,
	follow,
	hooks::{Deliverer, Endpoints},
	keys::Keys,
	orders::Orders,
	reconcile::reconcile,
	store::Store,
};
use clap::{Args, ValueEnum};
use hanse_chain::{Blocks, Node};
use std::{io::IsTerminal, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::{
	signal::unix::{SignalKind, signal},
	time::sleep,
};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// How long the node is left alone when it does not answer at the start.
const AGAIN_AFTER: Duration = Duration::from_secs(2);
/// How long parts may take to end.
const FAREWELL: Duration = Duration::from_secs(20);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Serve the API, send what is asked for, follow final blocks, and deliver webhooks
///
/// Ends well upon SIGTERM and Ctrl-C; whatever else ends it, what was accepted is done after the next start. Of several
/// gateways with one database one sends, the others read.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hanse-gateway run
  hanse-gateway run --config /etc/hanse-gateway/gateway.toml --listen 0.0.0.0:8080
  HANSE_GATEWAY_DATABASE=postgres://hanse@db/hanse hanse-gateway run --log json

The configuration, with what holds if a line is left out:
  node = \"ws://127.0.0.1:9944\"           keeps an archive: --state-pruning archive --blocks-pruning archive
  database = \"sqlite://gateway.db\"       or postgres://USER@HOST/NAME
  listen = \"127.0.0.1:8080\"
  trusted_proxies = []                   as [\"10.0.0.0/8\"]: who may say, by Forwarded or X-Forwarded-For, for whom it asks
  [webhooks]
  private_addresses = false              whether webhooks may go into private networks
  timeout = 15                           seconds in which an endpoint has to answer
  [pages]
  nodes = [\"ws://127.0.0.1:9944\"]      nodes that wallets ask; `node` if the line is left out
  [[institutions]]                       `hanse-gateway init` writes this part
  id = 7
  order_key = \"keys/7/order.key\"
  [institutions.keys.issue]
  file = \"keys/7/issue.json\"
  passphrase_file = \"keys/7/passphrase\"  or passphrase_env, or passphrase_credential (systemd)")]
pub struct Run {
	#[command(flatten)]
	settings: Settings,
	/// Where the API listens, instead of the file's
	#[arg(long, env = "HANSE_GATEWAY_LISTEN", value_name = "ADDRESS:PORT")]
	listen: Option<SocketAddr>,
	/// Whether webhooks may go into private networks, instead of the file's
	#[arg(long, env = "HANSE_GATEWAY_PRIVATE_WEBHOOKS", value_name = "BOOL")]
	private_webhooks: Option<bool>,
	/// Pages from this folder, instead of those in the program
	#[arg(long, env = "HANSE_GATEWAY_PAGES", value_name = "FOLDER")]
	pages: Option<PathBuf>,
	/// How the log is written; RUST_LOG says what of it
	#[arg(long, env = "HANSE_GATEWAY_LOG", value_enum, default_value = "text")]
	log: Log,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Log {
	Text,
	Json,
}

impl Run {
	pub async fn execute(self) -> Result<(), Failure> {
		start_log(self.log);
		let mut config = self.settings.load(self.listen, self.private_webhooks)?;
		config.pages.folder = self.pages.or(config.pages.folder);
		let site = api::Site::open(config.pages.folder.as_deref(), &config.pages.nodes)
			.map_err(|error| Failure::Usage(format!("the pages cannot be read: {error}")))?;
		let stop = CancellationToken::new();
		stop_upon_signals(stop.clone())?;

		let store = Store::open(&config.database).await?;
		let listener = tokio::net::TcpListener::bind(config.listen).await.map_err(|error| {
			Failure::Failed(format!(
				"{} cannot be listened on ({error}): name another by --listen",
				config.listen
			))
		})?;
		let Some((node, development)) = connect(&config, &stop).await else { return Ok(()) };
		let keys = Keys::open(&config, development).map_err(|error| Failure::Usage(error.to_string()))?;
		let keys = Arc::new(keys);
		let heads = follow::Heads::default();
		let blocks = chain::blocks(&node);
		// Before anything is signed for another chain.
		tokio::select! {
			() = stop.cancelled() => return Ok(()),
			checked = follow::check(&store, &blocks, &heads) => checked?,
		}
		let orders = Orders::start(store.clone(), node.clone(), keys.clone()).await?;
		let app = api::App::new(api::Parts {
			store: store.clone(),
			orders: orders.clone(),
			node,
			heads: heads.clone(),
			keys,
			endpoints: Endpoints::new(store.clone(), config.webhooks.private_addresses),
			rates: api::Rates::default(),
			proxies: config.trusted_proxies.clone(),
			site,
			nodes: config.pages.nodes.clone(),
			metrics: api::metrics::install()?,
		});
		tracing::info!(
			address = %listener.local_addr()?,
			institutions = config.institutions.len(),
			database = ?store.engine(),
			"the gateway serves"
		);

		let delivering = tokio::spawn(
			Deliverer::new(store.clone(), &config.webhooks)?.run(orders.lease().watch(), stop.clone()),
		);
		tokio::spawn(wake(orders, heads.clone()));
		tokio::spawn(reconcile_hourly(store.clone(), blocks.clone()));
		let serving = tokio::spawn(api::serve(app, listener, stop.clone().cancelled_owned()));
		let ended = tokio::select! {
			() = stop.cancelled() => Ok(()),
			Err(error) = follow::run(&store, &blocks, &heads) => Err(Failure::from(error)),
		};
		stop.cancel();
		let _ = tokio::time::timeout(FAREWELL, async { tokio::join!(serving, delivering) }).await;
		tracing::info!("the gateway ends");
		ended
	}
}

/// Whoever waits for an operation looks again when a block is in the index.
async fn wake(orders: Orders, heads: follow::Heads) {
	let mut indexed = heads.last_indexed();
	while indexed.changed().await.is_ok() {
		orders.indexed();
	}
}

async fn reconcile_hourly(store: Store, blocks: Blocks) {
	loop {
		sleep(HOUR).await;
		match reconcile(&store, &blocks).await {
			Ok(result) => {
				let differences = result.differences.len();
				metrics::gauge!("hanse_reconcile_differences").set(differences as f64);
				if differences > 0 {
					tracing::error!(
						block = result.block,
						differences,
						"the index differs from the chain: {result}"
					);
				}
			},
			Err(error) => tracing::warn!(%error, "the index is not compared with the chain"),
		}
	}
}

/// The node, however long that takes; nothing if it is to stop meanwhile.
async fn connect(config: &Config, stop: &CancellationToken) -> Option<(Node, bool)> {
	loop {
		tokio::select! {
			() = stop.cancelled() => return None,
			connected = chain::connect(config) => match connected {
				Ok(connected) => return Some(connected),
				Err(Failure::Failed(error) | Failure::Usage(error)) => tracing::warn!("{error}"),
				Err(Failure::Differs) => {},
			},
		}
		sleep(AGAIN_AFTER).await;
	}
}

fn stop_upon_signals(stop: CancellationToken) -> Result<(), Failure> {
	let (mut term, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
	tokio::spawn(async move {
		tokio::select! {
			_ = term.recv() => {},
			_ = interrupt.recv() => {},
		}
		stop.cancel();
	});
	Ok(())
}

fn start_log(log: Log) {
	// Of a statement that is slow the log would have all its text.
	let filter =
		EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info,sqlx::query=error"));
	let colours = std::io::stderr().is_terminal();
	let builder =
		tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
	match log {
		Log::Text => builder.init(),
		Log::Json => builder.json().init(),
	}
}
