//! The newest blocks, as the node tells of them.

use crate::{Config, NodeError};
use codec::Encode;
use std::time::{Duration, Instant};
use subxt::{
	config::{Header, RpcConfigFor, substrate::BlakeTwo256},
	rpcs::{LegacyRpcMethods, RpcClient, client::RpcSubscription},
};
use tokio::{sync::watch, time::timeout};

/// Before the node is asked again for news.
const AGAIN: Duration = Duration::from_millis(500);
/// How long there may be no new best block before the subscription is made anew.
const SILENCE: Duration = Duration::from_secs(60);

/// A block by number and hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
	pub number: u64,
	pub hash: [u8; 32],
}

#[derive(Clone, Copy, Debug)]
pub struct Heads {
	pub final_head: Head,
	pub best: Head,
	/// When the newest final block was heard of.
	pub final_since: Instant,
}

impl Heads {
	/// How many blocks are not final yet.
	pub fn lag(&self) -> u64 {
		self.best.number.saturating_sub(self.final_head.number)
	}
}

type Methods = LegacyRpcMethods<RpcConfigFor<Config>>;
type BlockHeader = <Config as subxt::Config>::Header;

fn head(header: &BlockHeader) -> Head {
	use subxt::config::Hasher;
	Head { number: header.number(), hash: BlakeTwo256.hash(&header.encode()).0 }
}

/// Asks for both heads, and keeps them up to date for as long as somebody looks.
pub(crate) async fn follow_heads(rpc: RpcClient) -> Result<watch::Receiver<Heads>, NodeError> {
	let methods = Methods::new(rpc);
	let missing = || NodeError::Strange("no header of its own head".into());
	let last = methods.chain_get_finalized_head().await?;
	let last = head(&methods.chain_get_header(Some(last)).await?.ok_or_else(missing)?);
	let best = head(&methods.chain_get_header(None).await?.ok_or_else(missing)?);
	let (sender, receiver) = watch::channel(Heads { final_head: last, best, final_since: Instant::now() });
	tokio::spawn(follow(methods.clone(), sender.clone(), Kind::Final));
	tokio::spawn(follow(methods, sender, Kind::Best));
	Ok(receiver)
}

#[derive(Clone, Copy)]
enum Kind {
	Final,
	Best,
}

async fn follow(methods: Methods, sender: watch::Sender<Heads>, kind: Kind) {
	while !sender.is_closed() {
		if let Ok(blocks) = kind.subscribe(&methods).await {
			hear(blocks, &sender, kind).await;
		}
		tokio::time::sleep(AGAIN).await;
	}
}

/// Until the connection is lost, or silent for so long that it may be.
async fn hear(mut blocks: RpcSubscription<BlockHeader>, sender: &watch::Sender<Heads>, kind: Kind) {
	while let Ok(Some(Ok(header))) = timeout(SILENCE, blocks.next()).await {
		let head = head(&header);
		sender.send_if_modified(|heads| kind.note(heads, head));
		if sender.is_closed() {
			return;
		}
	}
}

impl Kind {
	async fn subscribe(self, methods: &Methods) -> Result<RpcSubscription<BlockHeader>, subxt::rpcs::Error> {
		match self {
			Self::Final => methods.chain_subscribe_finalized_heads().await,
			Self::Best => methods.chain_subscribe_new_heads().await,
		}
	}

	fn note(self, heads: &mut Heads, head: Head) -> bool {
		match self {
			Self::Final if head.number > heads.final_head.number => {
				heads.final_head = head;
				heads.final_since = Instant::now();
				true
			},
			Self::Best if head != heads.best => {
				heads.best = head;
				true
			},
			_ => false,
		}
	}
}
