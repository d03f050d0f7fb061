//! What institutions ask for, over HTTP. One file a resource; what they share is beside them.
//!
//! | file | what it does |
//! |---|---|
//! | `server` | what every request passes |
//! | `access`, `limits`, `proxies`, `tills` | who asks, how often, and from where |
//! | `post`, `json`, `lines`, `values` | bodies, read strictly |
//! | `idempotency` | a POST that is sent again is the same |
//! | `begin` | operations as answers |
//! | `chain`, `provisional`, `last` | what requests need to know of the chain, and what they are answered without it |
//! | `figures`, `metrics` | what is counted |
//! | `problem` | refusals |
//! | `docs` | the OpenAPI document |
//! | `site` | wallet, till and console |
//! | `resources` | the routes |

pub mod access;
mod begin;
mod chain;
mod docs;
mod figures;
mod idempotency;
mod json;
mod last;
mod limits;
mod lines;
pub mod metrics;
mod pages;
mod post;
mod problem;
mod provisional;
mod proxies;
mod resources;
mod server;
mod site;
#[cfg(test)]
mod tests;
mod tills;
mod values;

pub use limits::Rates;
pub use proxies::Network;
#[cfg(any(test, feature = "fuzzing"))]
pub use resources::fuzzing::{BODIES, read_body};
pub use server::{document, router, serve};
pub use site::Site;

use crate::{follow::Heads, hooks::Endpoints, keys::Keys, orders::Orders, store::Store};
use hanse_chain::Node;
use metrics_exporter_prometheus::PrometheusHandle;
use std::{sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

/// What handlers share. Clones are the same.
#[derive(Clone)]
pub struct App {
	store: Store,
	orders: Orders,
	node: Node,
	heads: Heads,
	keys: Arc<Keys>,
	endpoints: Endpoints,
	access: access::Access,
	idempotency: idempotency::Keys,
	limits: limits::Limits,
	proxies: Arc<[Network]>,
	known: Arc<chain::Known>,
	last: last::Last,
	provisional: provisional::Provisional,
	metrics: PrometheusHandle,
	site: Site,
	/// Nodes that wallets ask.
	nodes: Vec<String>,
	/// Ends what would go on for ever.
	stopping: CancellationToken,
}

/// What an [`App`] is made of.
pub struct Parts {
	pub store: Store,
	pub orders: Orders,
	pub node: Node,
	pub heads: Heads,
	pub keys: Arc<Keys>,
	pub endpoints: Endpoints,
	pub rates: Rates,
	/// Who may say for whom it asks.
	pub proxies: Vec<Network>,
	pub metrics: PrometheusHandle,
	pub site: Site,
	/// Nodes that wallets ask.
	pub nodes: Vec<String>,
}

impl App {
	/// Starts what runs beside the requests.
	pub fn new(parts: Parts) -> Self {
		let limits = limits::Limits::new(parts.rates);
		let (tidy, figures) = (limits.clone(), parts.metrics.clone());
		tokio::spawn(async move {
			let mut now_and_then = tokio::time::interval(Duration::from_secs(10));
			loop {
				now_and_then.tick().await;
				tidy.tidy();
				figures.run_upkeep();
			}
		});
		Self {
			idempotency: idempotency::Keys::start(parts.store.clone()),
			access: access::Access::new(parts.store.clone(), parts.keys.lanes()),
			provisional: provisional::Provisional::start(parts.node.clone()),
			known: Arc::default(),
			last: last::Last::default(),
			stopping: CancellationToken::new(),
			limits,
			proxies: parts.proxies.into(),
			store: parts.store,
			orders: parts.orders,
			node: parts.node,
			heads: parts.heads,
			keys: parts.keys,
			endpoints: parts.endpoints,
			metrics: parts.metrics,
			site: parts.site,
			nodes: parts.nodes,
		}
	}

	/// Access keys, as the API knows them.
	pub fn access(&self) -> &access::Access {
		&self.access
	}
}
