//! Transactions as wallets sign them, taken by the pool and then by a block.

use crate::chain::*;
use codec::{Compact, Encode};
use frame_support::{
	dispatch::GetDispatchInfo, storage::with_transaction_unchecked, traits::fungible::Inspect as _,
};
use hanse_primitives::{asset_id, Balance, InstitutionId, ProgramId, Quotas};
use hanse_runtime::{
	configs::{extensions, PotAccount},
	constants::SLOT_DURATION,
	AccountId, Assets, Balances, Customers, Executive, Nonce, Points, Runtime, RuntimeCall, RuntimeEvent,
	Signature, Sponsorship, System, Timestamp, TransactionPayment, UncheckedExtrinsic,
};
use pallet_sponsorship::WhoPays;
use pallet_transaction_payment_rpc_runtime_api::runtime_decl_for_transaction_payment_api::TransactionPaymentApiV4;
use sp_core::{sr25519::Pair, Pair as _, H256};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
	generic::SignedPayload,
	transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError},
	DispatchResult, MultiAddress, TransactionOutcome,
};

/// Why a transaction is not included: nobody pays.
pub const UNPAID: TransactionValidityError = TransactionValidityError::Invalid(InvalidTransaction::Payment);
/// It has been included before, or its nonce is otherwise past.
pub const STALE: TransactionValidityError = TransactionValidityError::Invalid(InvalidTransaction::Stale);
/// It waits for the next block.
pub const WAITS: TransactionValidityError =
	TransactionValidityError::Invalid(InvalidTransaction::ExhaustsResources);

/// What becomes of a transaction: not included, or included and its call's result.
pub type Outcome = Result<DispatchResult, TransactionValidityError>;

/// Somebody with a key.
pub struct Wallet(Pair);

impl Wallet {
	/// The `number`-th person, who owns nothing yet.
	pub fn new(number: u32) -> Self {
		Self(Pair::from_seed(&sp_io::hashing::blake2_256(&(b"wallet", number).encode())))
	}

	/// An institution or a person of the development chain.
	pub fn of(who: Sr25519Keyring) -> Self {
		Self(who.pair())
	}

	pub fn account(&self) -> AccountId {
		AccountId::new(self.0.public().0)
	}

	/// A signed transaction with the account's next nonce.
	pub fn signs(&self, call: impl Into<RuntimeCall>) -> UncheckedExtrinsic {
		self.signs_at(*System::account_nonce(self.account()), 0, call)
	}

	/// One with a tip.
	pub fn tips(&self, tip: Balance, call: impl Into<RuntimeCall>) -> UncheckedExtrinsic {
		self.signs_at(*System::account_nonce(self.account()), tip, call)
	}

	pub fn signs_at(&self, nonce: Nonce, tip: Balance, call: impl Into<RuntimeCall>) -> UncheckedExtrinsic {
		let extension = extensions(nonce, tip);
		let call: RuntimeCall = call.into();
		let payload = SignedPayload::<RuntimeCall, _>::new(call, extension).unwrap();
		let signature = payload.using_encoded(|payload| self.0.sign(payload));
		let (call, extension, _) = payload.deconstruct();
		let (address, signature) = (MultiAddress::Id(self.account()), Signature::Sr25519(signature));
		UncheckedExtrinsic::new_signed(call, address, signature, extension)
	}

	/// Bytes that are no transaction, signed as a wallet signs them.
	pub fn signs_bytes(&self, bytes: &[u8]) -> Signature {
		Signature::Sr25519(self.0.sign(bytes))
	}

	/// The consent of this customer to be registered by an institution.
	pub fn consents(&self, institution: InstitutionId, tag: u64) -> RuntimeCall {
		self.consents_for(self.account(), institution, tag)
	}

	/// The same, but for another account, which is nobody's to give.
	pub fn consents_for(&self, account: AccountId, institution: InstitutionId, tag: u64) -> RuntimeCall {
		self.signs_consent(account, institution, tag, false)
	}

	/// The same, for its own account, which the institution may recover if it is lost.
	pub fn consents_to_recovery(&self, institution: InstitutionId, tag: u64) -> RuntimeCall {
		self.signs_consent(self.account(), institution, tag, true)
	}

	fn signs_consent(
		&self,
		account: AccountId,
		institution: InstitutionId,
		tag: u64,
		may_recover: bool,
	) -> RuntimeCall {
		let (commitment, tag) = (H256::zero(), H256::from_low_u64_be(tag));
		let until = Timestamp::get() + pallet_customers::CONSENT_LIFETIME;
		let consent = Customers::consent(institution, account.clone(), commitment, tag, may_recover, until);
		let signature = self.signs_bytes(&consent);
		pallet_customers::Call::register { account, commitment, tag, may_recover, until, signature }.into()
	}
}

/// Registers the wallet of a person by its own consent.
pub fn register(institution: InstitutionId, wallet: &Wallet, tag: u64) {
	dispatch(member(institution), wallet.consents(institution, tag)).unwrap();
}

/// One account of a person counts with another one from now on, by both their signatures.
pub fn joining(guest: &Wallet, host: &Wallet) -> RuntimeCall {
	let (with, until) = (host.account(), Timestamp::get() + pallet_customers::CONSENT_LIFETIME);
	let signature = host.signs_bytes(&Customers::invitation(with.clone(), guest.account(), until));
	pallet_customers::Call::join_accounts { with, until, signature }.into()
}

/// An institution recovers a lost account to a new one, whose holder accepts it.
pub fn recovering(
	institution: InstitutionId,
	old: &AccountId,
	new: &Wallet,
	vintages: Vec<hanse_primitives::AssetId>,
) -> RuntimeCall {
	let (old, until) = (old.clone(), Timestamp::get() + pallet_customers::CONSENT_LIFETIME);
	let acceptance = Customers::acceptance(institution, old.clone(), new.account(), until);
	let (new, signature) = (new.account(), new.signs_bytes(&acceptance));
	let vintages = vintages.try_into().unwrap();
	pallet_customers::Call::open_recovery { old, new, vintages, until, signature }.into()
}

/// Whether the pool would take a transaction now, between two blocks; leaves no trace.
pub fn in_pool(transaction: &UncheckedExtrinsic) -> Result<(), TransactionValidityError> {
	priority(transaction).map(drop)
}

/// Its priority there.
pub fn priority(transaction: &UncheckedExtrinsic) -> Result<u64, TransactionValidityError> {
	with_transaction_unchecked(|| {
		let parent = System::parent_hash();
		let valid = Executive::validate_transaction(TransactionSource::External, transaction.clone(), parent);
		TransactionOutcome::Rollback(valid.map(|valid| valid.priority))
	})
}

/// Who would pay the fee of a call, or why nobody would, as wallets ask.
pub fn who_pays(who: &AccountId, call: impl Into<RuntimeCall>) -> WhoPays {
	Sponsorship::who_pays(Box::new(call.into()), who.clone())
}

/// The next block, of these transactions. What cannot be included leaves nothing in it, as in an author's.
pub fn block(transactions: Vec<UncheckedExtrinsic>) -> Vec<Outcome> {
	open_block(Timestamp::get() + SLOT_DURATION);
	let outcomes = transactions
		.into_iter()
		.map(|transaction| {
			with_transaction_unchecked(|| match Executive::apply_extrinsic(transaction) {
				Ok(result) => TransactionOutcome::Commit(Ok(result)),
				Err(invalid) => TransactionOutcome::Rollback(Err(invalid)),
			})
		})
		.collect();
	Executive::finalize_block();
	outcomes
}

/// Sends one transaction. The pool, the query of fees and the block must say the same of it.
pub fn send(transaction: UncheckedExtrinsic) -> Outcome {
	let (valid, due) = (in_pool(&transaction), query_fee(&transaction));
	let details = Runtime::query_fee_details(transaction.clone(), transaction.encoded_size() as u32);
	assert_eq!(details.inclusion_fee.is_none(), due == 0);
	let outcome = block(vec![transaction])[0];
	assert_eq!(valid.err(), outcome.err(), "the pool and the block disagree");
	if outcome.is_ok() {
		assert_eq!(due == 0, !sponsored().is_empty() || fees() == 0, "the query and the block disagree");
	}
	outcome
}

/// What wallets show as the fee.
pub fn query_fee(transaction: &UncheckedExtrinsic) -> Balance {
	Runtime::query_info(transaction.clone(), transaction.encoded_size() as u32).partial_fee
}

/// The fee that somebody has to pay for a transaction at most.
pub fn declared_fee(transaction: &UncheckedExtrinsic) -> Balance {
	let len = transaction.encoded_size() as u32;
	TransactionPayment::compute_fee(len, &transaction.get_dispatch_info(), 0)
}

/// The fees of the last block that were sponsored: by whom, for whom, how much.
pub fn sponsored() -> Vec<(InstitutionId, AccountId, Balance)> {
	System::events()
		.into_iter()
		.filter_map(|record| match record.event {
			RuntimeEvent::Sponsorship(pallet_sponsorship::Event::FeeSponsored { sponsor, customer, fee }) => {
				Some((sponsor, customer, fee))
			},
			_ => None,
		})
		.collect()
}

/// All that was paid for transactions of the last block, by whomever.
fn fees() -> Balance {
	use pallet_balances::Event::Deposit;
	let by_signers = System::events().into_iter().map(|record| match record.event {
		RuntimeEvent::Balances(Deposit { who, amount }) if who == PotAccount::get() => amount,
		_ => 0,
	});
	by_signers.chain(sponsored().into_iter().map(|(_, _, fee)| fee)).sum()
}

/// Gives somebody settlement units of their own.
pub fn give(to: &AccountId, value: Balance) {
	let call = pallet_balances::Call::transfer_keep_alive { dest: MultiAddress::Id(to.clone()), value };
	dispatch(account(Sr25519Keyring::Eve), call).unwrap();
}

/// The free settlement units of an account.
pub fn money(who: &AccountId) -> Balance {
	Balances::balance(who)
}

/// What the members have gathered in fees.
pub fn pot() -> Balance {
	money(&PotAccount::get())
}

/// What an institution sponsored today, and of that for strangers.
pub fn spent(institution: InstitutionId) -> (Balance, Balance) {
	let spent = Sponsorship::spent_today(institution);
	(spent.all, spent.strangers)
}

/// Uses up a budget but for `all`, and the strangers' tenth of it but for `strangers`.
pub fn leave_of_budget(institution: InstitutionId, all: Balance, strangers: Balance) {
	let budget = hanse_runtime::Rulebook::rules().sponsor_budget;
	let mut spent = Sponsorship::spent_today(institution);
	(spent.all, spent.strangers) = (budget - all, budget / 10 - strangers);
	spent.vouched = Default::default();
	pallet_sponsorship::Budgets::<Runtime>::insert(institution, spent);
}

/// Sponsored calls that the person of an account has left today; zero for strangers.
pub fn quota_left(who: &AccountId) -> u32 {
	let quota = hanse_runtime::Rulebook::rules().sponsor_quota;
	(0..=quota).rev().find(|calls| Customers::has_quota(who, *calls) == Some(true)).unwrap_or(0)
}

/// What somebody holds of the first vintage of a program.
pub fn points(program: ProgramId, who: &AccountId) -> Balance {
	Assets::balance(asset_id(program, 0), who)
}

/// What somebody's points pay, pending ones included, in micro-units.
pub fn worth(who: &AccountId) -> Balance {
	Points::portfolio(who.clone(), 1).holdings.iter().map(|holding| holding.value).sum()
}

/// A gift of `amount` of the first vintage of a program.
pub fn gift(program: ProgramId, to: &AccountId, amount: Balance) -> RuntimeCall {
	pallet_assets::Call::transfer {
		id: Compact(asset_id(program, 0)),
		target: MultiAddress::Id(to.clone()),
		amount,
	}
	.into()
}
