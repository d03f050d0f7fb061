//! Members settle with each other.
//!
//! # Terminology
//! - *obligation*: what one member (the debtor) owes another (the creditor) for points.
//! - *reserve*: a member's settlement units held for clearing; what is neither accrued interchange nor
//!   earmarked is *free*.
//! - *line*: credit that one member grants another, used once the other accepts it; none unless granted.
//! - *position*: what one member of a pair owes the other on a line: one signed number for each pair.
//! - *set-off*: an obligation that lowers what its creditor owes its debtor.
//! - *cycle*: the time between two settlements; *unit*: what a debtor took on lines during one cycle.
//! - *overdue*: a debtor whose reserve did not cover what was left after a settlement.
//! - *earmark*: line and reserve kept for an obligation that may come; *accrued*: interchange that reaches
//!   the pot later.
//!
//! # Overview
//! [`Clearing::owe`](hanse_primitives::Clearing::owe) meets an obligation in this order: it is set off, oldest first;
//! it is added to the position, within the line, what the debtor's bond does not answer for already and what its
//! points need behind them; the rest moves from the debtor's free reserve to the creditor's at once. With no line
//! granted, every obligation is paid in money in the block in which it came about, so a newcomer whom nobody knows is
//! accepted from the first day. A short free reserve fails the payment before anything has moved.
//!
//! At the end of a cycle the largest possible set of debts settles (see [`cycle`], which is unique and does not depend
//! on the order in which members are read), the net amounts move once, and what is left of a reserve pays pro rata.
//! Money moves in the first block, books follow; meanwhile `owe` is gross, earmarks on lines wait, and reserves cannot
//! be drawn down. A debtor whose reserve does not cover the rest is overdue, and [`ESCALATION`] says what follows. What
//! was found against a member comes first, see [`JudgementDebts`](hanse_primitives::JudgementDebts).
//!
//! What leaves a reserve and pays for none of the member's own points leaves behind what these need: the liability
//! cap and the minimum reserve, all that came with points of late, and the member's debts. So it is with what it draws
//! down, with what it gives back of others' points, and with what is found against it. What comes back for a refund is
//! never met on a line: points are not made again for a promise.
//!
//! # Invariants
//! 1. For every member: what is held as reserve = topped up − drawn down − interchange − what it ever owed +
//!    what others owed it (each less refunds) + what it still owes − what it is still owed + what
//!    its bond paid − what others' bonds paid it − what its reserve paid
//!    upon judgements.
//! 2. Obligations and positions are between two members; each pair is stored once and none is zero, so the
//!    net positions of all members sum to zero. Units are of different cycles, the oldest first.
//! 3. What a debtor owes on lines is the sum of its positions; what is held back for it on lines, or was until its
//!    books were closed, is the sum of the earmarks on its lines. Every position is on a line, and nobody granted
//!    more than 16.
//! 4. Total issuance = genesis issuance + minted − burned; what is locked to leave is held.
//! 5. What is held back of a reserve is never more than is held.
//! 6. There are postings and updates only while a settlement spans blocks.
//! 7. Of every debtor, arrears = the sum of what was found against it and is not paid.
//!
//! # Example
//! ```text
//! clearing.grant_line(3, 50)          by institution 7: 3 may owe it up to 50
//! clearing.accept_line(7, 50)         by institution 3, which agrees
//! owe(3, 7, 80)                       a payment: 50 on the line, 30 from the reserve of 3
//! owe(7, 3, 20)                       set off: the position is 30
//! on_poll, a cycle later              30 move from the reserve of 3 to that of 7
//! ```
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod credit_lines;
pub mod cycle;
mod funding;
mod judgements;
mod obligations;
mod overdue;
pub mod plan;
mod reserve;
mod settlement;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;
mod views;
pub mod weights;

pub use overdue::{Effect, ESCALATION};
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

/// Lines that a member grants at most.
pub const MAX_CREDIT_LINES: u32 = 16;
/// Cycles by which a position is kept apart at most.
pub const MAX_CYCLE_DEBTS: u32 = 8;
/// Positions that are posted in one piece.
pub const POSTINGS_PER_PAGE: u32 = 64;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::{
		pallet_prelude::*,
		traits::fungible::{hold::Mutate as HoldMutate, Mutate},
		weights::WeightMeter,
	};
	use frame_system::pallet_prelude::*;
	use hanse_primitives::{
		Conduct, DeadlineClock, Duration, Encumbrance, InstitutionId, Liabilities, MemberStatus, Members,
		Moment, Money, Notice, PartnerPauses, MAX_MEMBERS,
	};
	use sp_core::H256;

	/// Of how this pallet's storage is laid out. Raise it with every migration.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// The settlement unit.
		type Currency: Mutate<Self::AccountId, Balance = Money>
			+ HoldMutate<Self::AccountId, Reason = Self::RuntimeHoldReason>;

		/// The reason under which reserves are held.
		type RuntimeHoldReason: From<HoldReason>;

		/// The account of an institution.
		type MemberOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = InstitutionId>;

		/// Who belongs to the alliance.
		type Members: Members<Self::AccountId>;

		/// What must stay behind outstanding points when a reserve is drawn down.
		type Liabilities: Liabilities;

		/// Where members stand who do not pay.
		type MemberStatus: MemberStatus;

		/// What follows from being overdue beside that.
		type Conduct: Conduct;

		/// The clocks of the points of an overdue member.
		type PartnerPauses: PartnerPauses;

		/// The members' vote to appoint the agent and the auditor.
		type AppointOrigin: EnsureOrigin<Self::RuntimeOrigin>;

		/// What waits for its notice before it takes effect.
		type Notice: Notice<Call<Self>>;

		/// Gets interchange.
		type Pot: Get<Self::AccountId>;

		/// The clock of deadlines.
		type DeadlineClock: DeadlineClock;

		/// How long a cycle is. The same for everybody.
		type Cycle: Get<Duration>;

		/// Settlement micro-units that are minted in one cycle at most.
		type DepositCap: Get<Money>;

		/// After how long what was to leave, and was not paid out, can be unlocked.
		type PayoutTimeout: Get<Duration>;

		/// Weights of calls and hooks.
		type WeightInfo: WeightInfo;
	}

	/// Why the settlement units of an institution are held.
	#[pallet::composite_enum]
	pub enum HoldReason {
		/// Money that pays what the institution's points bought at other members.
		Reserve,
		/// Money that the institution wants to have paid out.
		Payout,
	}

	/// What went into each institution's reserve and out of it beside obligations. Whoever tops up pays for its
	/// entry; it goes when an institution ends of which nothing else ever moved, else it stays for the books.
	#[pallet::storage]
	pub type ReserveFlowsOf<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, ReserveFlows, ValueQuery>;

	/// What the first institution ever owed the second, however it was met, in settlement micro-units.
	/// Paid for by the payment that makes it; at most one for each pair of institutions, and kept for auditors.
	#[pallet::storage]
	pub type Turnover<T: Config> =
		StorageDoubleMap<_, Twox64Concat, InstitutionId, Twox64Concat, InstitutionId, Money, ValueQuery>;

	/// What the first institution got back of what it owed to the second: refunds.
	/// Paid for by the refund that makes it; at most one for each pair of institutions, and kept for auditors.
	#[pallet::storage]
	pub type RefundTurnover<T: Config> =
		StorageDoubleMap<_, Twox64Concat, InstitutionId, Twox64Concat, InstitutionId, Money, ValueQuery>;

	/// What is held back of each reserve and bond. Nothing is stored of an institution that has all of it free.
	/// Paid for by the payment that makes it; gone when nothing is held back any more.
	#[pallet::storage]
	pub type Encumbrances<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, Encumbrance, ValueQuery>;

	/// The lines, by creditor and debtor. The creditor pays for an entry, of which it has 16 at most; it goes when
	/// the line is taken back and nothing is owed or kept on it, or with the creditor. What the debtor accepted is
	/// in it.
	#[pallet::storage]
	pub type CreditLines<T: Config> =
		StorageDoubleMap<_, Twox64Concat, InstitutionId, Twox64Concat, InstitutionId, CreditLine>;

	/// The positions, by the lower and the higher id of the pair. Counted, since what it costs to settle
	/// them must be known before.
	/// Paid for by the payment that makes it; gone when nothing is owed. At most one for each line.
	#[pallet::storage]
	pub type Positions<T: Config> =
		CountedStorageMap<_, Twox64Concat, (InstitutionId, InstitutionId), Position>;

	/// What each debtor owes on all its lines, for which its bond answers.
	/// Paid for with the position; gone when nothing is owed.
	#[pallet::storage]
	pub type BondDebts<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, Money, ValueQuery>;

	/// The cycle that runs, and what is left of settling those before.
	#[pallet::storage]
	pub type CurrentCycle<T: Config> = StorageValue<_, Cycle, ValueQuery>;

	/// What is to be posted, in pages.
	/// Paid for by the members whose positions settle; gone as it is posted.
	#[pallet::storage]
	pub type Postings<T: Config> = StorageMap<_, Twox64Concat, u32, PostingPage>;

	/// The debtors for whom something follows when all is posted: those that are members, and those that have been
	/// until this cycle.
	#[pallet::storage]
	pub type OverdueUpdates<T: Config> =
		StorageValue<_, BoundedVec<OverdueUpdate, ConstU32<{ 2 * MAX_MEMBERS }>>, ValueQuery>;

	/// The overdue debtors.
	/// At most one for each member; gone when it has paid, or with its institution.
	#[pallet::storage]
	pub type Overdue<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, OverdueState>;

	/// What was found against members and is not paid, by debtor and number, the oldest first. A judgement makes an
	/// entry, whose bringer paid for it with the case; paying removes it.
	#[pallet::storage]
	pub type Judgements<T: Config> =
		StorageDoubleMap<_, Twox64Concat, InstitutionId, Identity, [u8; 4], Judgement<T::AccountId>>;

	/// What all of it comes to, by debtor. Goes with the last of it.
	#[pallet::storage]
	pub type Arrears<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, ArrearsOfDebtor, ValueQuery>;

	/// The debtor whose arrears were checked last.
	#[pallet::storage]
	pub type ArrearsCursor<T: Config> = StorageValue<_, InstitutionId>;

	/// Who has which deposit role.
	/// Two entries, by vote.
	#[pallet::storage]
	pub type RoleHolders<T: Config> = StorageMap<_, Twox64Concat, DepositRole, T::AccountId>;

	/// The settlement units that exist, by where they came from.
	#[pallet::storage]
	pub type IssuanceTotals<T: Config> = StorageValue<_, Issuance, ValueQuery>;

	/// The deposits that the agent ever reported, so that none is taken twice. Kept for ever.
	#[pallet::storage]
	pub type DepositReports<T: Config> = StorageMap<_, Blake2_128Concat, H256, DepositReport>;

	/// What was minted in which cycle, the last one in which anything was.
	#[pallet::storage]
	pub type MintedInCycle<T: Config> = StorageValue<_, (CycleIndex, Money)>;

	/// When deposits were last confirmed to equal issuance.
	#[pallet::storage]
	pub type LastAttested<T: Config> = StorageValue<_, AttestedCycles, ValueQuery>;

	/// What institutions want to have paid out.
	#[pallet::storage]
	pub type Payouts<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, Payout>;

	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// The first reserve of each founder, in settlement micro-units, taken from its genesis balance.
		pub reserves: Vec<(T::AccountId, Money)>,
		/// Who takes deposits and pays them out, if the founders appointed somebody.
		pub agent: Option<T::AccountId>,
		/// Who countersigns, likewise.
		pub auditor: Option<T::AccountId>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			Pallet::<T>::build_genesis(self);
		}
	}

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An institution added to its reserve.
		ReserveToppedUp { institution: InstitutionId, amount: Money },
		/// An institution took from its reserve.
		ReserveDrawnDown { institution: InstitutionId, amount: Money },
		/// An obligation of `value` was met: `set_off` by set-off, `line` by adding to the position, and the
		/// rest in money, from reserve to reserve.
		ObligationSettled {
			debtor: InstitutionId,
			creditor: InstitutionId,
			value: Money,
			set_off: Money,
			line: Money,
		},
		/// A line has another limit; zero for none.
		CreditLineGranted { creditor: InstitutionId, debtor: InstitutionId, old: Money, new: Money },
		/// The debtor agreed to owe something else on a line at most; zero for nothing more.
		CreditLineAccepted { creditor: InstitutionId, debtor: InstitutionId, old: Money, new: Money },
		/// A cycle is over: something is taken off so many positions, for which `moved` was paid net.
		CycleSettled { cycle: CycleIndex, positions: u32, moved: Money },
		/// The bond of a debtor paid a creditor.
		BondDrawn { debtor: InstitutionId, creditor: InstitutionId, value: Money },
		/// A debtor's reserve did not cover what it owed, at so many ends of cycles in a row.
		Overdue { institution: InstitutionId, age: u32 },
		/// A debtor is overdue no more.
		OverdueEnded { institution: InstitutionId },
		/// `value` was found against a member; `left` of it could not be paid at once, and is a debt.
		JudgementOwed { debtor: InstitutionId, creditor: T::AccountId, value: Money, left: Money },
		/// A member paid `value` of what was found against it; `left` is still to pay.
		ArrearsPaid { debtor: InstitutionId, value: Money, left: Money },
		/// Interchange that was accrued reached the pot.
		InterchangeCollected { issuer: InstitutionId, value: Money },
		/// The members decided who has a deposit role when the notice has passed.
		AppointmentAnnounced { role: DepositRole, account: T::AccountId },
		/// The members gave somebody a deposit role.
		Appointed { role: DepositRole, account: T::AccountId },
		/// The agent reported a deposit.
		DepositReported { institution: InstitutionId, amount: Money, reference: H256 },
		/// The auditor confirmed a deposit, and settlement units were minted for it.
		DepositConfirmed { institution: InstitutionId, amount: Money, reference: H256 },
		/// The agent or the auditor confirmed that deposits equal issuance.
		DepositsAttested { role: DepositRole, cycle: CycleIndex, total: Money },
		/// An institution wants to have reserve paid out.
		PayoutRequested { institution: InstitutionId, amount: Money, until: Moment },
		/// It was paid out, and burned.
		PayoutCompleted { institution: InstitutionId, amount: Money },
		/// It was not paid out in time, and is free balance of the institution.
		PayoutCancelled { institution: InstitutionId, amount: Money },
		/// The books contradict each other, so a piece of a hook's work did not happen. Find out why.
		Inconsistent { what: Inconsistency },
	}

	#[pallet::error]
	pub enum Error<T> {
		/// The amount is zero.
		ZeroAmount,
		/// The free reserve is short. Top it up, or draw down less: what is owed on lines, accrued and earmarked
		/// stays, and so does what came of late with points that others gave back or exchanged in.
		ReserveTooSmall,
		/// Fewer free settlement units than the call moves. Less, or fund the account first.
		FundsTooSmall,
		/// Nobody grants itself a line.
		OwnCreditLine,
		/// A member grants at most 16 lines. Take back another one; it ends when nothing is owed on it.
		MaxCreditLinesExceeded,
		/// Something is earmarked on the line, so it cannot fall below that and the position. Wait.
		CreditLineEarmarked,
		/// A settlement spans blocks. Try again in a few blocks.
		CycleRunning,
		/// The debtor is overdue, so its points pause at partners.
		Overdue,
		/// The institution owes or is owed something, something is earmarked, or money waits to be paid out. Wait for the
		/// end of the cycle, and settle or unlock the payout.
		PositionOpen,
		/// Less interchange was accrued.
		AccruedTooSmall,
		/// The reference was used before. Every deposit has its own.
		ReferenceUsed,
		/// No such deposit was reported, nothing is to be paid out, or there is no such line.
		NotFound,
		/// More would be minted in this cycle than the rule allows. Wait for the next.
		OverDepositCap,
		/// A cycle passed without agent and auditor both confirming that deposits equal issuance. Let them.
		NotAttested,
		/// The deposits are not the settlement units that there are. Find out why.
		DepositsDiffer,
		/// The institution has something to be paid out already. Wait, or unlock it.
		PayoutPending,
		/// What is locked can still be paid out. Its `until` says when it can be unlocked.
		TooEarly,
		/// The account is not the one that the members appointed for this.
		NotAppointed,
		/// An institution, or whoever is the agent or the auditor already: each must be somebody of its own.
		NotIndependent,
		/// The books contradict each other, so nothing was moved. It cannot be; tell whoever runs the chain.
		Inconsistent,
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Move `amount` micro-units of the institution's free balance into its reserve.
		///
		/// Origin: an institution. Errors: [`Error::ZeroAmount`], [`Error::FundsTooSmall`].
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::top_up())]
		pub fn top_up(origin: OriginFor<T>, #[pallet::compact] amount: Money) -> DispatchResult {
			Self::do_top_up(T::MemberOrigin::ensure_origin(origin)?, amount)
		}

		/// Move `amount` micro-units of the institution's reserve back to its free balance.
		///
		/// Origin: an active institution. What is left must keep its outstanding points within the
		/// liability cap and above the minimum reserve, all of what came with points of late, and cover its debts.
		/// Errors: [`Error::ZeroAmount`], [`Error::ReserveTooSmall`], and those of
		/// [`Liabilities::ensure_backed`].
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::draw_down())]
		pub fn draw_down(origin: OriginFor<T>, #[pallet::compact] amount: Money) -> DispatchResult {
			Self::do_draw_down(T::MemberOrigin::ensure_origin(origin)?, amount)
		}

		/// Let `debtor` owe the institution up to `limit` micro-units between settlements, as far as it accepts
		/// that; zero for nothing. What is owed already stays owed.
		///
		/// Origin: an institution, which must be active to raise the limit, for one that can be paid.
		/// Errors: [`Error::OwnCreditLine`], [`Error::MaxCreditLinesExceeded`], [`Error::CreditLineEarmarked`].
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::grant_credit_line())]
		pub fn grant_credit_line(
			origin: OriginFor<T>,
			debtor: InstitutionId,
			#[pallet::compact] limit: Money,
		) -> DispatchResult {
			let creditor = T::MemberOrigin::ensure_origin(origin)?;
			Self::do_grant_credit_line(creditor, debtor, limit)
		}

		/// Agree to owe `creditor` up to `limit` micro-units on the line that it granted, now or when it raises it;
		/// zero to owe nothing more there. What is owed already stays owed.
		///
		/// Origin: an institution, which must be one that can be paid to accept more. Errors:
		/// [`Error::NotFound`].
		#[pallet::call_index(10)]
		#[pallet::weight(T::WeightInfo::accept_credit_line())]
		pub fn accept_credit_line(
			origin: OriginFor<T>,
			creditor: InstitutionId,
			#[pallet::compact] limit: Money,
		) -> DispatchResult {
			let debtor = T::MemberOrigin::ensure_origin(origin)?;
			Self::do_accept_credit_line(debtor, creditor, limit)
		}

		/// Report a deposit of `amount` micro-units of an institution.
		///
		/// Origin: the settlement agent. Errors: [`Error::NotAppointed`], [`Error::ZeroAmount`],
		/// [`Error::ReferenceUsed`], [`Error::NotAttested`].
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::report_deposit())]
		pub fn report_deposit(
			origin: OriginFor<T>,
			institution: InstitutionId,
			#[pallet::compact] amount: Money,
			reference: H256,
		) -> DispatchResult {
			Self::ensure_appointed(DepositRole::Agent, &ensure_signed(origin)?)?;
			Self::do_report_deposit(institution, amount, reference)
		}

		/// Confirm a deposit that the agent reported, and mint its amount to the institution's free balance.
		///
		/// Origin: the auditor. Errors: [`Error::NotAppointed`], [`Error::NotFound`],
		/// [`Error::ReferenceUsed`], [`Error::NotAttested`], [`Error::OverDepositCap`].
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::confirm_deposit())]
		pub fn confirm_deposit(origin: OriginFor<T>, reference: H256) -> DispatchResult {
			Self::ensure_appointed(DepositRole::Auditor, &ensure_signed(origin)?)?;
			Self::do_confirm_deposit(reference)
		}

		/// Confirm that the settlement agent holds `total` micro-units: as many as there are, those of genesis included.
		///
		/// Origin: the settlement agent or the auditor. Errors: [`Error::NotAppointed`],
		/// [`Error::DepositsDiffer`].
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::attest_deposits())]
		pub fn attest_deposits(origin: OriginFor<T>, #[pallet::compact] total: Money) -> DispatchResult {
			let role = Self::ensure_agent_or_auditor(&ensure_signed(origin)?)?;
			Self::do_attest_deposits(role, total)
		}

		/// Lock `amount` micro-units of the institution's reserve, to have the agent pay them out.
		///
		/// Origin: an active institution. Errors: [`Error::PayoutPending`], and those of
		/// [`Pallet::draw_down`].
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::request_payout())]
		pub fn request_payout(origin: OriginFor<T>, #[pallet::compact] amount: Money) -> DispatchResult {
			Self::do_request_payout(T::MemberOrigin::ensure_origin(origin)?, amount)
		}

		/// Burn what an institution locked, since it was paid out.
		///
		/// Origin: the settlement agent. Errors: [`Error::NotAppointed`], [`Error::NotFound`].
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::end_payout())]
		pub fn complete_payout(origin: OriginFor<T>, institution: InstitutionId) -> DispatchResult {
			Self::ensure_appointed(DepositRole::Agent, &ensure_signed(origin)?)?;
			Self::do_complete_payout(institution)
		}

		/// Give an institution back what it locked and was not paid out in time, as free balance.
		///
		/// Origin: anybody signed. Errors: [`Error::NotFound`], [`Error::TooEarly`].
		#[pallet::call_index(8)]
		#[pallet::weight(T::WeightInfo::end_payout())]
		pub fn cancel_payout(origin: OriginFor<T>, institution: InstitutionId) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_cancel_payout(institution)
		}

		/// Give `account` a deposit role when the notice has passed: as the agent, who takes them and pays
		/// them out, or as the auditor, who countersigns. Whoever does so keeps it until then, and the decision can be
		/// retracted like any that waits.
		///
		/// Origin: [`Config::AppointOrigin`]. After the notice the chain calls it as Root, and it takes effect.
		/// Errors: [`Error::NotIndependent`], and those of [`Notice::announce`].
		#[pallet::call_index(9)]
		#[pallet::weight(T::WeightInfo::appoint_deposit_role())]
		pub fn appoint_deposit_role(
			origin: OriginFor<T>,
			role: DepositRole,
			account: T::AccountId,
		) -> DispatchResult {
			if ensure_root(origin.clone()).is_ok() {
				return Self::do_appoint_deposit_role(role, account);
			}
			T::AppointOrigin::ensure_origin(origin)?;
			Self::do_announce_deposit_role(role, account)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// How an institution stands: its reserve, what it owes and is owed, by age, and the lines; `None` for
		/// strangers.
		pub fn positions(institution: InstitutionId) -> Option<ClearingStatement> {
			Self::read_positions(institution)
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Settle, when a cycle is over.
		fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
			Self::pay_arrears(meter);
			Self::process_cycle_end(meter);
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}
}
