//! Reads of the runtime, at one block.

use crate::{
	AccountId, AssetId, Config, InstitutionId, Moment, ProgramId,
	hanse::{
		self,
		proxy::calls::add_proxy::ProxyType,
		runtime_apis::hanse_api as api,
		runtime_types::{bounded_collections::bounded_vec::BoundedVec, pallet_clearing::types::DepositRole},
	},
};
use subxt::{
	client::OnlineClientAtBlock,
	error::{RuntimeApiError, StorageError},
	runtime_apis::Payload,
	utils::{AccountId32, H256},
};

pub type Portfolio = api::portfolio::output::Output;
pub type ProgramPage = api::programs::output::Output;
pub type Orders = api::awarded::output::Output;
pub type Quote = api::quote_pay::output::Output;
pub type Receipt = api::receipt::output::Output;
pub type Statement = api::statement::output::Output;
pub type Standing = api::standing::output::Output;
pub type RollForward = api::roll_forward::output::Output;
pub type Customer = api::customer::output::Output;
pub type Rules = api::rules::output::Output;
pub type RuleTable = api::rule_table::output::Output;
pub type Supervisor = hanse::runtime_types::pallet_supervision::types::Supervisor<AccountId32>;
pub type Attestation = hanse::runtime_types::pallet_supervision::types::Attestation<AccountId32>;
pub type Institution = hanse::runtime_types::pallet_institutions::types::Institution<AccountId32>;

/// Why nothing could be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
	#[error("the node did not answer a read: {0}")]
	Api(#[from] RuntimeApiError),
	#[error("the node did not answer a read of its storage: {0}")]
	Storage(#[from] StorageError),
	#[error("the node answered something that cannot be read: {0}")]
	Content(String),
}

/// An order as the chain knows it: its era and the commitment that names it.
#[derive(Clone, Copy, Debug)]
pub struct OrderId {
	pub era: u32,
	pub commitment: [u8; 32],
}

/// What a read is made of: a block and the node that has it.
#[derive(Clone)]
pub struct Reads {
	at: OnlineClientAtBlock<Config>,
}

impl Reads {
	pub fn new(at: OnlineClientAtBlock<Config>) -> Self {
		Self { at }
	}

	pub fn block(&self) -> &OnlineClientAtBlock<Config> {
		&self.at
	}

	async fn call<P: Payload>(&self, payload: P) -> Result<P::ReturnType, ReadError> {
		Ok(self.at.runtime_apis().call(payload).await?)
	}

	/// What an account holds of the programs from `from` on, 64 programs a page.
	pub async fn portfolio(&self, account: AccountId, from: ProgramId) -> Result<Portfolio, ReadError> {
		self.call(hanse::runtime_apis().hanse_api().portfolio(account.into(), from)).await
	}

	/// The programs from `from` on, 64 a page.
	pub async fn programs(&self, from: ProgramId) -> Result<ProgramPage, ReadError> {
		self.call(hanse::runtime_apis().hanse_api().programs(from)).await
	}

	/// What became of orders for which points were issued, 500 at most.
	pub async fn awarded(&self, program: ProgramId, orders: &[[u8; 32]]) -> Result<Orders, ReadError> {
		let orders = BoundedVec(orders.iter().map(|order| H256(*order)).collect());
		self.call(hanse::runtime_apis().hanse_api().awarded(program, orders)).await
	}

	pub async fn receipt(
		&self,
		merchant: InstitutionId,
		payer: AccountId,
		order: OrderId,
	) -> Result<Receipt, ReadError> {
		self.call(hanse::runtime_apis().hanse_api().receipt(merchant, payer.into(), order.into())).await
	}

	/// What a payment would burn now, or why it would fail.
	pub async fn quote_pay(
		&self,
		payer: AccountId,
		merchant: InstitutionId,
		order: OrderId,
		price: u64,
		legs: &[(ProgramId, u64)],
	) -> Result<Quote, ReadError> {
		let read = hanse::runtime_apis().hanse_api().quote_pay(
			payer.into(),
			merchant,
			order.into(),
			price.into(),
			legs_of(legs),
		);
		self.call(read).await
	}

	/// The bytes that a customer signs to pay without a network.
	pub async fn slip(
		&self,
		merchant: InstitutionId,
		payer: AccountId,
		order: OrderId,
		price: u64,
		legs: &[(ProgramId, u64)],
		until: Moment,
	) -> Result<Vec<u8>, ReadError> {
		let read = hanse::runtime_apis().hanse_api().slip(
			merchant,
			payer.into(),
			order.into(),
			price.into(),
			legs_of(legs),
			until,
		);
		self.call(read).await
	}

	/// The bytes that a customer signs to be registered.
	pub async fn consent(
		&self,
		institution: InstitutionId,
		account: AccountId,
		commitment: [u8; 32],
		tag: [u8; 32],
		may_recover: bool,
		until: Moment,
	) -> Result<Vec<u8>, ReadError> {
		let read = hanse::runtime_apis().hanse_api().consent(
			institution,
			account.into(),
			H256(commitment),
			H256(tag),
			may_recover,
			until,
		);
		self.call(read).await
	}

	/// The bytes that the holder of a new account signs to get what a lost one had.
	pub async fn acceptance(
		&self,
		institution: InstitutionId,
		old: AccountId,
		new: AccountId,
		until: Moment,
	) -> Result<Vec<u8>, ReadError> {
		self.call(hanse::runtime_apis().hanse_api().acceptance(institution, old.into(), new.into(), until))
			.await
	}

	/// What a customer may still spend; `None` for strangers.
	pub async fn customer(&self, account: AccountId) -> Result<Customer, ReadError> {
		self.call(hanse::runtime_apis().hanse_api().customer(account.into())).await
	}

	pub async fn statement(&self, institution: InstitutionId) -> Result<Statement, ReadError> {
		self.call(hanse::runtime_apis().hanse_api().statement(institution)).await
	}

	pub async fn standing(&self, institution: InstitutionId) -> Result<Standing, ReadError> {
		self.call(hanse::runtime_apis().hanse_api().standing(institution)).await
	}

	/// The roll-forward of a program over the period in which `at` lies.
	pub async fn roll_forward(&self, program: ProgramId, at: Moment) -> Result<RollForward, ReadError> {
		self.call(hanse::runtime_apis().hanse_api().roll_forward(program, at)).await
	}

	pub async fn rules(&self) -> Result<Rules, ReadError> {
		self.call(hanse::runtime_apis().hanse_api().rules()).await
	}

	pub async fn rule_table(&self) -> Result<RuleTable, ReadError> {
		self.call(hanse::runtime_apis().hanse_api().rule_table()).await
	}

	/// The era that runs: orders are placed in it.
	pub async fn era(&self) -> Result<u32, ReadError> {
		let storage = self.at.storage();
		let clock = storage.fetch(hanse::storage().rulebook().current_era_clock(), ()).await?;
		let clock = clock.decode().map_err(unreadable)?;
		let now = storage.fetch(hanse::storage().timestamp().now(), ()).await?;
		let now: Moment = now.decode().map_err(unreadable)?;
		// The clock names one era and when that began or begins, as the chain's own `era_at` reads it.
		Ok(match now.checked_sub(clock.started) {
			Some(elapsed) => {
				let eras = elapsed.checked_div(clock.length).unwrap_or_default();
				clock.index.saturating_add(u32::try_from(eras).unwrap_or(u32::MAX))
			},
			None => clock.index.saturating_sub(1),
		})
	}

	/// An institution by its number.
	pub async fn institution(&self, id: InstitutionId) -> Result<Option<Institution>, ReadError> {
		let at = hanse::storage().institutions().institutions();
		match self.at.storage().try_fetch(at, (id,)).await? {
			Some(value) => Ok(Some(value.decode().map_err(unreadable)?)),
			None => Ok(None),
		}
	}

	/// Every institution, former ones too, in the order of their numbers.
	pub async fn institutions(&self) -> Result<Vec<(InstitutionId, Institution)>, ReadError> {
		let at = hanse::storage().institutions().institutions();
		let mut found = Vec::new();
		let mut entries = self.at.storage().iter(at, ()).await?;
		while let Some(entry) = entries.next().await {
			let entry = entry?;
			let key = entry.key().map_err(unreadable)?.decode().map_err(unreadable)?;
			found.push((key.0, entry.value().decode().map_err(unreadable)?));
		}
		found.sort_by_key(|(id, _)| *id);
		Ok(found)
	}

	/// Who may act for an account at once, and in what.
	pub async fn proxies(&self, of: AccountId) -> Result<Vec<(AccountId, ProxyType)>, ReadError> {
		let at = hanse::storage().proxy().proxies();
		match self.at.storage().try_fetch(at, (of.into(),)).await? {
			Some(value) => {
				let (proxies, _deposit) = value.decode().map_err(unreadable)?;
				let at_once = proxies.0.into_iter().filter(|p| p.delay == 0);
				Ok(at_once.map(|p| (p.delegate.into(), p.proxy_type)).collect())
			},
			None => Ok(Vec::new()),
		}
	}

	/// Who countersigns deposits, by the members' appointment.
	pub async fn auditor(&self) -> Result<Option<AccountId>, ReadError> {
		let at = hanse::storage().clearing().role_holders();
		match self.at.storage().try_fetch(at, (DepositRole::Auditor,)).await? {
			Some(value) => Ok(Some(value.decode().map_err(unreadable)?.into())),
			None => Ok(None),
		}
	}

	/// Supervisors, also those whose term is over.
	pub async fn supervisors(&self) -> Result<Vec<Supervisor>, ReadError> {
		let at = hanse::storage().supervision().supervisors();
		match self.at.storage().try_fetch(at, ()).await? {
			Some(value) => Ok(value.decode().map_err(unreadable)?.0),
			None => Ok(Vec::new()),
		}
	}

	/// What supervisors found of late in an institution's documents.
	pub async fn attestations(&self, of: InstitutionId) -> Result<Vec<Attestation>, ReadError> {
		let at = hanse::storage().supervision().attestations();
		match self.at.storage().try_fetch(at, (of,)).await? {
			Some(value) => Ok(value.decode().map_err(unreadable)?.0),
			None => Ok(Vec::new()),
		}
	}

	/// The vintages whose number an account may hold, of one program and all.
	pub async fn vintages(&self, account: AccountId) -> Result<Vec<AssetId>, ReadError> {
		let mut vintages = Vec::new();
		let mut from = 1;
		loop {
			let page = self.portfolio(account, from).await?;
			vintages.extend(page.holdings.iter().map(|holding| holding.asset));
			match page.next {
				Some(next) => from = next,
				None => return Ok(vintages),
			}
		}
	}
}

impl From<OrderId> for hanse::runtime_types::hanse_primitives::Order {
	fn from(order: OrderId) -> Self {
		Self { era: order.era, commitment: H256(order.commitment) }
	}
}

fn legs_of(legs: &[(ProgramId, u64)]) -> BoundedVec<hanse::runtime_types::pallet_exchange::types::Leg> {
	BoundedVec(
		legs.iter()
			.map(|(program, max)| hanse::runtime_types::pallet_exchange::types::Leg {
				program: *program,
				max_points: (*max).into(),
			})
			.collect(),
	)
}

fn unreadable(error: impl std::fmt::Display) -> ReadError {
	ReadError::Content(error.to_string())
}
