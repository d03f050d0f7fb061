//! What wallets, tills and auditors may ask of the ledger itself. The same reads are view functions of the
//! pallets; this is for clients that know runtime APIs only.

// A consent is to all of what it names.
#![allow(clippy::too_many_arguments)]

use crate::{AccountId, Balance, Hash, Rules, RuntimeCall};
use alloc::vec::Vec;
use codec::{Decode, Encode};
use frame_support::traits::ConstU32;
use hanse_primitives::{
	Burn, InstitutionId, Moment, Order, ProgramId, Tag, VoteRequirement, MAX_AWARDS, MAX_LEGS,
};
use pallet_conduct::{ConductReport, NoShareReason};
use pallet_customers::Customer;
use pallet_exchange::{Leg, Receipt};
use pallet_institutions::Status;
use pallet_points::{OrderStatus, Portfolio, ProgramPage, RollForward};
use pallet_rulebook::RuleRow;
use pallet_sponsorship::WhoPays;
use scale_info::TypeInfo;
use sp_runtime::{BoundedVec, DispatchError};

/// The programs that a payment draws on.
pub type Legs = BoundedVec<Leg, ConstU32<MAX_LEGS>>;

/// The commitments of orders that are asked for together.
pub type Commitments = BoundedVec<Hash, ConstU32<MAX_AWARDS>>;

/// Where an institution stands.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct Statement {
	/// With the holders of its points: what it owes them, by expiry, what stands behind it, and the flows.
	pub issuing: pallet_points::LiabilityStatement,
	/// With the other members: its reserve, what it owes and is owed, by age, and the lines.
	pub clearing: pallet_clearing::ClearingStatement,
}

/// What an institution did, and what follows from it.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct Standing {
	/// Where it stands.
	pub status: Status,
	/// Demerits, fines in escrow, sanctions with their end, complaints, and its share of the pot.
	pub conduct: ConductReport,
}

sp_api::decl_runtime_apis! {
	/// Reads of Hanse's own pallets; amounts in settlement micro-units and smallest units of points.
	pub trait HanseApi {
		/// What an account holds of programs from `from` on (1 for the first page), 64 programs a page.
		fn portfolio(account: AccountId, from: ProgramId) -> Portfolio;

		/// The programs from `from` on (1 for the first page), 64 a page: what they are called, what they promise,
		/// the dates of the period that runs and of what is open, and what comes after it.
		fn programs(from: ProgramId) -> ProgramPage;

		/// What became of orders for which points of a program were issued; `None` for those that were not served, or so
		/// long ago that nobody can name them again. At most 500 at once.
		fn awarded(program: ProgramId, orders: Commitments) -> Vec<Option<OrderStatus>>;

		/// What a payment would burn now, to the unit, or why it would fail, whoever pays its fee: the payment itself,
		/// taken back.
		fn quote_pay(
			payer: AccountId,
			merchant: InstitutionId,
			order: Order,
			price: Balance,
			legs: Legs,
		) -> Result<Vec<Burn>, DispatchError>;

		/// What a customer signs to pay a merchant without a network: the SCALE encoding of what it agrees to, between
		/// `<Bytes>` and `</Bytes>`, as wallets sign raw bytes (`signRaw` of the Polkadot.js extension). It names the chain
		/// by its genesis, and is good until `until` by the clock on the wall. A client that gets the result undecoded
		/// finds its compact length in front of it, which is not signed.
		fn slip(
			merchant: InstitutionId,
			payer: AccountId,
			order: Order,
			price: Balance,
			legs: Legs,
			until: Moment,
		) -> Vec<u8>;

		/// How many smallest units an exchange would give now, or why it would fail.
		fn quote_exchange(
			who: AccountId,
			from: ProgramId,
			amount: Balance,
			to: ProgramId,
		) -> Result<Balance, DispatchError>;

		/// What was paid for an order, whatever era is named, and what was refunded of it; `None` once its refund window
		/// has closed and it is not kept. It closes by the clock on the wall.
		fn receipt(merchant: InstitutionId, payer: AccountId, order: Order) -> Option<Receipt>;

		/// Where an institution stands with holders and with the other members; `None` for strangers.
		fn statement(institution: InstitutionId) -> Option<Statement>;

		/// What an institution did and what follows from it; `None` for strangers.
		fn standing(institution: InstitutionId) -> Option<Standing>;

		/// Whether an institution would share in the pot if the era ended now, or why not.
		fn shares_this_era(institution: InstitutionId) -> Result<(), NoShareReason>;

		/// The roll-forward of a program over the period in which `at` lies: the running one, or one of the eleven before
		/// it. Older ones are in the state of older blocks.
		fn roll_forward(program: ProgramId, at: Moment) -> Option<RollForward>;

		/// What a customer may still spend, and since when it is known; `None` for strangers.
		fn customer(account: AccountId) -> Option<Customer>;

		/// What the customer signs: the SCALE encoding of what it agrees to, between `<Bytes>` and `</Bytes>`, as wallets
		/// sign raw bytes (`signRaw` of the Polkadot.js extension). It names the chain by its genesis and is good until
		/// `until`. A client that gets the result undecoded finds its compact length in front of it, which is not
		/// signed.
		fn consent(
			institution: InstitutionId,
			account: AccountId,
			commitment: Hash,
			tag: Tag,
			may_recover: bool,
			until: Moment,
		) -> Vec<u8>;

		/// What the holder of `host` signs for `guest` to join it, in the same way.
		fn invitation(host: AccountId, guest: AccountId, until: Moment) -> Vec<u8>;

		/// What the holder of `new` signs for `institution` to recover `old` to it, in the same way.
		fn acceptance(institution: InstitutionId, old: AccountId, new: AccountId, until: Moment) -> Vec<u8>;

		/// Who would pay the fee of `call` if `who` signed it now and tipped nothing, and how much; or why no
		/// institution would.
		fn who_pays(call: RuntimeCall, who: AccountId) -> WhoPays;

		/// What the members agreed on: the rules in force.
		fn rules() -> Rules;

		/// Everything about every rule: value, unit, hard bounds, what the next amendment can make of it, and which way
		/// it gets stricter.
		fn rule_table() -> Vec<RuleRow>;

		/// What a call needs to be decided at this moment, of how many members who are awake and of how many in all,
		/// and who is left out; `None` if it cannot be put to a vote.
		fn majority_for(call: RuntimeCall) -> Option<VoteRequirement>;
	}
}
