//! The connection to a node: it comes back by itself, and whatever is asked of the node has a time limit.

use crate::{
	AccountId, Config, hanse,
	heads::{Head, Heads, follow_heads},
};
use serde::de::DeserializeOwned;
use std::{future::Future, sync::Arc, time::Duration};
use subxt::{
	OnlineClient, OnlineClientAtBlock,
	backend::LegacyBackend,
	config::polkadot::PolkadotConfigBuilder,
	rpcs::{
		RpcClient, UserError,
		client::{
			RpcParams,
			reconnecting_rpc_client::{ExponentialBackoff, PingConfig, RpcClient as Reconnecting},
		},
		rpc_params,
	},
	transactions::{TransactionInvalid, ValidationResult},
	utils::{AccountId32, H256},
};
use tokio::{sync::watch, time::timeout};

/// The chain as of one block, with the runtime of that block.
pub type AtBlock = OnlineClientAtBlock<Config>;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it takes at most to see that the connection is dead.
const PING: Duration = Duration::from_secs(5);
const SILENCE: Duration = Duration::from_secs(15);
/// The longest pause between two attempts to connect again.
const RECONNECT: Duration = Duration::from_secs(2);

#[derive(Debug, thiserror::Error)]
pub enum NodeError {
	#[error("the node does not answer: {0}. Check that it runs and that its address is right")]
	Away(String),
	#[error("the node refuses: {message} ({code}){}", .data.as_deref().map(|data| format!(": {data}")).unwrap_or_default())]
	Refused { code: i32, message: String, data: Option<String> },
	#[error(
		"the node answers what cannot be understood: {0}. Check that it runs this chain, in a version that this gateway knows"
	)]
	Strange(String),
	#[error(
		"the node does not know block {0}. If it is an old one, let the node keep the archive: --state-pruning archive --blocks-pruning archive"
	)]
	NoSuchBlock(String),
}

impl NodeError {
	/// Whether the same question can do well a moment later.
	pub fn is_away(&self) -> bool {
		matches!(self, Self::Away(_))
	}
}

impl From<subxt::rpcs::Error> for NodeError {
	fn from(error: subxt::rpcs::Error) -> Self {
		use subxt::rpcs::Error;
		match error {
			Error::User(UserError { code, message, data }) => {
				let data = data.map(|data| {
					serde_json::from_str::<String>(data.get()).unwrap_or_else(|_| data.get().to_owned())
				});
				Self::Refused { code, message, data }
			},
			Error::Client(error) => Self::Away(error.to_string()),
			Error::DisconnectedWillReconnect(reason) => Self::Away(reason),
			other => Self::Strange(other.to_string()),
		}
	}
}

/// Errors of subxt that are not asked what they are: almost always the node's state or its runtime.
macro_rules! strange {
	($($error:path),* $(,)?) => {
		$(impl From<$error> for NodeError {
			fn from(error: $error) -> Self {
				Self::Strange(error.to_string())
			}
		})*
	};
}

strange!(
	subxt::error::OnlineClientAtBlockError,
	subxt::error::OnlineClientError,
	subxt::error::RuntimeApiError,
	subxt::error::StorageError,
	subxt::error::StorageValueError,
	subxt::error::ExtrinsicError,
	subxt::error::EventsError,
	subxt::error::BlockError,
);

/// What the node said to a transaction. None of these is the last word: that has a final block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submitted {
	/// It is in the pool, or was before.
	Taken,
	/// Its nonce is used, or it is past its death, on the best chain: it is in a block, or will never be.
	Outdated,
	/// Its signer cannot pay for it now.
	Unpaid,
	/// The node does not want it now: its pool is full, or another transaction has this nonce.
	NotNow(String),
	/// As the runtime is now it can be in no block.
	Invalid(String),
}

/// The connection. Clones share it.
#[derive(Clone)]
pub struct Node {
	url: Arc<str>,
	rpc: RpcClient,
	client: OnlineClient<Config>,
	heads: watch::Receiver<Heads>,
}

impl Node {
	/// Connects within `patience`, and stays connected from then on as long as the node is there.
	pub async fn connect(url: &str, patience: Duration) -> Result<Self, NodeError> {
		timeout(patience, Self::connecting(url))
			.await
			.map_err(|_| NodeError::Away(format!("nothing at {url} within {} s", patience.as_secs())))?
	}

	async fn connecting(url: &str) -> Result<Self, NodeError> {
		let ping = PingConfig::new().ping_interval(PING).inactive_limit(SILENCE).max_failures(1);
		let connection = Reconnecting::builder()
			.retry_policy(ExponentialBackoff::from_millis(50).max_delay(RECONNECT))
			.enable_ws_ping(ping)
			.request_timeout(PATIENCE)
			.build(url)
			.await
			.map_err(|error| NodeError::Away(error.to_string()))?;
		let rpc = RpcClient::new(connection);
		let backend = LegacyBackend::builder().build(rpc.clone());
		let config = PolkadotConfigBuilder::new().use_historic_types(false).build();
		let client = OnlineClient::from_backend_with_config(config, Arc::new(backend)).await?;
		let heads = follow_heads(rpc.clone()).await?;
		Ok(Self { url: url.into(), rpc, client, heads })
	}

	pub fn url(&self) -> &str {
		&self.url
	}

	/// The hash of block 0, which names the chain.
	pub fn genesis(&self) -> [u8; 32] {
		self.client.genesis_hash().0
	}

	/// For what is not here. While the node is away it waits: see [`Self::within`].
	pub fn client(&self) -> &OnlineClient<Config> {
		&self.client
	}

	/// The connection itself.
	pub fn rpc(&self) -> &RpcClient {
		&self.rpc
	}

	/// The newest final and best block, as the node tells of them.
	pub fn heads(&self) -> watch::Receiver<Heads> {
		self.heads.clone()
	}

	pub fn final_head(&self) -> Head {
		self.heads.borrow().final_head
	}

	pub fn best_head(&self) -> Head {
		self.heads.borrow().best
	}

	/// What `asked` answers, unless that takes too long.
	pub async fn within<T, E: Into<NodeError>>(
		&self,
		asked: impl Future<Output = Result<T, E>>,
	) -> Result<T, NodeError> {
		timeout(PATIENCE, asked)
			.await
			.map_err(|_| NodeError::Away(format!("{} is silent for {} s", self.url, PATIENCE.as_secs())))?
			.map_err(Into::into)
	}

	/// The chain as of a block that the node has.
	pub async fn at(&self, head: Head) -> Result<AtBlock, NodeError> {
		self.within(self.client.at_block_hash_and_number(H256(head.hash), head.number)).await
	}

	/// The chain as of the newest final block.
	pub async fn at_final(&self) -> Result<AtBlock, NodeError> {
		self.at(self.final_head()).await
	}

	/// The chain as of the best block, whose runtime the next transactions are for.
	pub async fn at_best(&self) -> Result<AtBlock, NodeError> {
		self.at(self.best_head()).await
	}

	/// The hash of a block of the best chain.
	pub async fn hash_of(&self, number: u64) -> Result<[u8; 32], NodeError> {
		let hash: Option<H256> = self.request("chain_getBlockHash", rpc_params![number]).await?;
		hash.map(|hash| hash.0).ok_or_else(|| NodeError::NoSuchBlock(number.to_string()))
	}

	/// Whether the node still has the state of the first blocks, without which nothing can be indexed again.
	pub async fn keeps_archive(&self) -> Result<bool, NodeError> {
		if self.final_head().number == 0 {
			return Ok(true);
		}
		let first = self.hash_of(1).await?;
		let version: Result<serde_json::Value, _> =
			self.request("state_getRuntimeVersion", rpc_params![H256(first)]).await;
		match version {
			Ok(_) => Ok(true),
			Err(NodeError::Refused { .. }) => Ok(false),
			Err(error) => Err(error),
		}
	}

	/// Gives the node a signed transaction.
	pub async fn submit(&self, bytes: &[u8]) -> Result<Submitted, NodeError> {
		let params = rpc_params![format!("0x{}", hex::encode(bytes))];
		match self.request::<String>("author_submitExtrinsic", params).await {
			Ok(_) => Ok(Submitted::Taken),
			Err(NodeError::Refused { code, message, data }) => {
				Ok(Submitted::read(code, &data.unwrap_or(message)))
			},
			Err(error) => Err(error),
		}
	}

	/// The nonce of an account as of `at`.
	pub async fn nonce(&self, account: AccountId, at: Head) -> Result<u64, NodeError> {
		Ok(self.account(account, at).await?.nonce.into())
	}

	/// The next nonce of an account, after what the node's pool holds of it.
	pub async fn next_nonce(&self, account: AccountId) -> Result<u64, NodeError> {
		self.request("system_accountNextIndex", rpc_params![account.to_string()]).await
	}

	/// What an account can spend as of the newest final block, in settlement micro-units.
	pub async fn balance(&self, account: AccountId) -> Result<u128, NodeError> {
		let data = self.account(account, self.final_head()).await?.data;
		let kept = data.frozen.saturating_sub(data.reserved);
		Ok(data.free.saturating_sub(kept))
	}

	async fn account(&self, account: AccountId, at: Head) -> Result<AccountInfo, NodeError> {
		let at = self.at(at).await?;
		self.within(async {
			// Not compared with what the gateway was built for: the default names the block's first nonce.
			let entry = at.storage().entry(hanse::storage().system().account().unvalidated())?;
			Ok::<_, NodeError>(entry.fetch((AccountId32(account.0),)).await?.decode()?)
		})
		.await
	}

	/// What including `bytes` costs now, in settlement micro-units.
	pub async fn fee(&self, bytes: &[u8]) -> Result<u128, NodeError> {
		#[derive(serde::Deserialize)]
		#[serde(rename_all = "camelCase")]
		struct Fee {
			partial_fee: String,
		}
		let params = rpc_params![format!("0x{}", hex::encode(bytes))];
		let fee: Fee = self.request("payment_queryInfo", params).await?;
		fee.partial_fee.parse().map_err(|_| NodeError::Strange(fee.partial_fee))
	}

	/// Whether a block has room for a transaction at all, as the runtime of `at` says.
	pub async fn fits(&self, at: &AtBlock, bytes: &[u8]) -> Result<bool, NodeError> {
		let transaction = at.tx().from_bytes(bytes.to_vec());
		let said = self.within(transaction.validate()).await?;
		Ok(said != ValidationResult::Invalid(TransactionInvalid::ExhaustsResources))
	}

	/// Any other question.
	pub async fn request<T: DeserializeOwned>(
		&self,
		method: &str,
		params: RpcParams,
	) -> Result<T, NodeError> {
		self.within(self.rpc.request(method, params)).await
	}
}

type AccountInfo = hanse::runtime_types::frame_system::AccountInfo<
	u32,
	hanse::runtime_types::pallet_balances::types::AccountData<u128>,
>;

impl Submitted {
	/// By the codes of `sc-rpc-api::author` and the sentences of `TransactionValidityError`.
	fn read(code: i32, why: &str) -> Self {
		match code {
			// Banned for a while, or in the pool already.
			1012 | 1013 => Self::Taken,
			1010 if why.contains("outdated") || why.contains("ancient birth") => Self::Outdated,
			1010 if why.contains("pay some fees") => Self::Unpaid,
			1010 | 1011 => Self::Invalid(why.to_owned()),
			_ => Self::NotNow(why.to_owned()),
		}
	}
}
