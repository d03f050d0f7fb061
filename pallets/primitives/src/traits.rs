//! Every trait between two pallets, each with its law.

use crate::{AssetId, Balance, Burn, Deed, EraIndex, InstitutionId, Moment, Order, ProgramId, Venue};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::weights::Weight;
use scale_info::TypeInfo;
use sp_runtime::{DispatchError, DispatchResult};

/// Who belongs to the alliance.
pub trait Members<AccountId> {
	/// The account of an institution. Law: `id_of(account(i)) == i` until the institution is gone.
	fn account(id: InstitutionId) -> Result<AccountId, DispatchError>;

	/// The institution of an account, if it is one.
	fn id_of(account: &AccountId) -> Option<InstitutionId>;

	/// Fails by name unless the institution exists and may issue, grant and draw down: active, and with a
	/// bond that meets the rule.
	fn ensure_active(id: InstitutionId) -> DispatchResult;

	/// Fails by name unless the institution exists and may be paid: active or suspended.
	fn ensure_payable(id: InstitutionId) -> DispatchResult;

	/// Whether the institution may run an authority: active.
	fn may_operate(id: InstitutionId) -> bool;

	/// The admission bond that is held, in settlement micro-units; zero for strangers.
	fn bond(id: InstitutionId) -> Balance;

	/// Move up to `value` micro-units of a member's bond to the free balance of `creditor`, to whom it owes
	/// them; returns how much there was. Law: what the bond loses the creditor gets.
	fn draw_bond(id: InstitutionId, creditor: &AccountId, value: Balance) -> Result<Balance, DispatchError>;
}

/// Why a member is suspended.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub enum Cause {
	/// It is overdue.
	Overdue,
	/// A consequence of what it did.
	Conduct,
}

/// Changes of where a member stands that other pallets cause. Law: each is one step of the table of
/// statuses or fails by name and changes nothing; the electorate follows at once.
pub trait Standing {
	/// An active member may not issue for now. Law: it is suspended for as long as there is a cause.
	fn suspend(id: InstitutionId, cause: Cause) -> DispatchResult;

	/// A cause is gone. Law: without another one, a suspended member is active again; of a cause that was
	/// not there nothing changes.
	fn reinstate(id: InstitutionId, cause: Cause) -> DispatchResult;

	/// A member that cannot go on pays what it can to the holders of its points.
	fn run_off(id: InstitutionId) -> DispatchResult;
}

/// Those who vote.
pub trait Electorate<AccountId> {
	/// The members that vote, sorted.
	fn members() -> Vec<AccountId>;

	/// Law: afterwards `members` is `sorted`, and who is not in it has no vote in any open motion.
	fn set(sorted: Vec<AccountId>);

	/// Those whose votes stand in motions that are open.
	fn voting() -> Vec<AccountId>;
}

/// Who runs the nodes.
pub trait Authorities<AccountId> {
	/// Fails by name if there would be too few authorities without this one.
	fn ensure_dispensable(id: InstitutionId) -> DispatchResult;

	/// Forget that an institution, which is gone, ran an authority, and its keys. Law: it is in no set
	/// that is planned from now on.
	fn retire(id: InstitutionId, account: &AccountId);
}

/// For a chain whose authorities do not follow membership.
impl<AccountId> Authorities<AccountId> for () {
	fn ensure_dispensable(_: InstitutionId) -> DispatchResult {
		Ok(())
	}

	fn retire(_: InstitutionId, _: &AccountId) {}
}

/// The keys that authorities sign with.
pub trait AuthorityKeys<AccountId> {
	/// Whether an account has set its keys.
	fn are_set(account: &AccountId) -> bool;

	/// Whether a member of the planned set has set other keys since it was planned.
	fn have_changed() -> bool;

	/// Forget the keys of an account.
	fn purge(account: &AccountId);

	/// Forget who had which keys in sessions before this one.
	fn forget_sessions_before(session: u32);
}

/// The finality gadget, where the authorities cannot go on by themselves.
pub trait Finality<BlockNumber> {
	/// Start voting anew upon `best_finalised` with the authorities of the session that begins in this
	/// block. `set_id` is that of the authorities which the nodes still wait for.
	fn restart(best_finalised: BlockNumber, set_id: u64);

	/// The id of the set of authorities that the chain announced last.
	fn set_id() -> u64;

	/// Whether a change of authorities is announced and not yet in force.
	fn is_changing() -> bool;
}

/// The rewards and penalties of members. Law: the consequence of a deed is applied at once.
pub trait Conduct {
	/// Note what the chain has seen a member do. Called once for each deed.
	fn record(member: InstitutionId, deed: Deed);

	/// What noting a deed weighs at most, for whoever calls `record`.
	fn weight() -> Weight {
		Weight::zero()
	}
}

/// For a chain whose members are not judged.
impl Conduct for () {
	fn record(_: InstitutionId, _: Deed) {}
}

/// What follows from a deed, by the rules of the day.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Penalty {
	/// Demerits, which decay.
	pub demerits: u32,
	/// A fine, in parts per million of the admission bond.
	pub fine: u32,
	/// No issuing, for so many eras.
	pub stop_issuing: u32,
	/// Suspension, for so many eras.
	pub suspension: u32,
}

/// The price list of deeds, the same for every member.
pub trait Penalties {
	/// What follows from `deed`.
	fn of(deed: Deed) -> Penalty;
}

/// What keeps a member from issuing beside its status.
pub trait Sanctions {
	/// Fails by name while the member may not make points: neither issue nor let others exchange into its
	/// programs.
	fn ensure_may_issue(id: InstitutionId) -> DispatchResult;
}

/// For a chain on which nobody is stopped.
impl Sanctions for () {
	fn ensure_may_issue(_: InstitutionId) -> DispatchResult {
		Ok(())
	}
}

impl<A: Sanctions, B: Sanctions> Sanctions for (A, B) {
	fn ensure_may_issue(id: InstitutionId) -> DispatchResult {
		A::ensure_may_issue(id)?;
		B::ensure_may_issue(id)
	}
}

/// How one institution ran its authority over an era.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Service {
	/// The institution.
	pub institution: InstitutionId,
	/// It wanted to all era, was in a set, and was never offline in it.
	pub whole: bool,
	/// It was offline at the end of a session.
	pub offline: bool,
}

/// What authorities did, by eras.
pub trait Services {
	/// Everybody that ran or wanted to run an authority since the last turn. Law: the count begins anew.
	fn turn() -> Vec<Service>;

	/// Take an authority out of all sets that are planned from now on, until its institution says otherwise.
	/// Fails by name if there would be too few without it.
	fn stop(id: InstitutionId) -> DispatchResult;
}

/// What the alliance took of the receipts of merchants.
pub trait Takings {
	/// Interchange of a receipt of `merchant` reached the pot.
	fn note(merchant: InstitutionId, interchange: Balance);
}

/// For a chain that shares nothing.
impl Takings for () {
	fn note(_: InstitutionId, _: Balance) {}
}

/// Payments that can still be taken back.
pub trait Receipts<AccountId> {
	/// What of the price of an order is not refunded, in settlement micro-units; `None` if there is no receipt
	/// or its refund window has closed.
	fn refundable(merchant: InstitutionId, payer: &AccountId, order: Order) -> Option<Balance>;

	/// Keep a receipt until it is let go, although its window closes meanwhile. Fails by name if there is none.
	fn keep(merchant: InstitutionId, payer: &AccountId, order: Order) -> DispatchResult;

	/// Let a receipt go. Law: nothing happens to one that was not kept.
	fn let_go(merchant: InstitutionId, payer: &AccountId, order: Order);

	/// Refund all that is left of the price, as the merchant would, of a receipt that is open or kept. Returns
	/// how much, in micro-units. Fails for the merchant's own short reserve, by name.
	fn pay_back(merchant: InstitutionId, payer: &AccountId, order: Order) -> Result<Balance, DispatchError>;
}

/// The clock of accounting eras. Law: `current` never falls.
pub trait Eras {
	/// The era of this block.
	fn current() -> EraIndex;

	/// Whether orders of `era` are taken: this era's and the last one's.
	fn takes_orders(era: EraIndex) -> bool {
		let current = Self::current();
		era == current || era.checked_add(1) == Some(current)
	}
}

/// What is kept for an obligation that may come.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Earmark {
	/// On the line that the creditor granted, in settlement micro-units.
	#[codec(compact)]
	pub line: Balance,
	/// Of the debtor's reserve.
	#[codec(compact)]
	pub reserve: Balance,
}

/// What is kept of what stands behind an institution, in settlement micro-units.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Encumbrance {
	/// Of its reserve, interchange that is still to be collected.
	pub accrued: Balance,
	/// Of its reserve, for obligations that may come.
	pub earmarked: Balance,
	/// For the same, on lines that others granted it.
	pub on_lines: Balance,
}

/// The money that members hold for clearing.
pub trait Reserves {
	/// The settlement micro-units that an institution holds for clearing.
	fn reserve(id: InstitutionId) -> Balance;

	/// What of it nothing is kept for: neither accrued interchange nor authorisations.
	fn free_reserve(id: InstitutionId) -> Balance;

	/// What its bond answers for, in settlement micro-units: owed on lines, and kept there for obligations
	/// that may come.
	fn debt(id: InstitutionId) -> Balance;

	/// Move `value` of an institution's free balance into its reserve. Law: the reserve grows by as much.
	fn add(id: InstitutionId, value: Balance) -> DispatchResult;

	/// Give an institution that is gone and owes nothing its whole reserve back. Law: its free balance
	/// grows by what its reserve was.
	fn release_reserve(id: InstitutionId) -> DispatchResult;

	/// What an institution came to owe others for its points, less what it got back, ever, in settlement
	/// micro-units; interchange is not in it.
	fn paid(id: InstitutionId) -> Balance;
}

/// For a chain whose members hold no money.
impl Reserves for () {
	fn reserve(_: InstitutionId) -> Balance {
		0
	}

	fn free_reserve(_: InstitutionId) -> Balance {
		0
	}

	fn debt(_: InstitutionId) -> Balance {
		0
	}

	fn add(_: InstitutionId, _: Balance) -> DispatchResult {
		Ok(())
	}

	fn release_reserve(_: InstitutionId) -> DispatchResult {
		Ok(())
	}

	fn paid(_: InstitutionId) -> Balance {
		0
	}
}

/// Members' obligations to each other.
pub trait Clearing: Reserves {
	/// Law: after `owe(a, b, v)`, what `a` owes `b` has grown by `v` micro-units, net of what `b` owed
	/// `a`; or, as far as it was paid at once, the reserve of `b` has grown and that of `a` has fallen
	/// by the same amount. An error changes nothing that its caller does not roll back. It fails by name
	/// for the debtor's free reserve that is short, and for nothing else.
	fn owe(debtor: InstitutionId, creditor: InstitutionId, value: Balance) -> DispatchResult;

	/// As [`Clearing::owe`], but never on a line.
	fn owe_now(debtor: InstitutionId, creditor: InstitutionId, value: Balance) -> DispatchResult;

	/// As [`Clearing::owe`], for a refund: `value` of what `creditor` came to owe `debtor` for its points
	/// comes back. Law: as `owe`, but it is `paid(creditor)` that changes: it falls by `value`.
	fn owe_back(debtor: InstitutionId, creditor: InstitutionId, value: Balance) -> DispatchResult;

	/// Fails by name while the debtor is overdue: its points pause at partners.
	fn ensure_on_time(debtor: InstitutionId) -> DispatchResult;

	/// Keep what `owe(debtor, creditor, value)` may need, first on the line, then of the free reserve.
	/// Law: until it is released, nothing else uses it, so that `owe` of as much succeeds right after its
	/// release.
	fn earmark(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Balance,
	) -> Result<Earmark, DispatchError>;

	/// Give back what was kept.
	fn release_earmark(debtor: InstitutionId, creditor: InstitutionId, earmark: Earmark);

	/// Set `value` of an issuer's free reserve apart as interchange, which reaches the pot later. Law: its
	/// reserve stays, its free reserve falls.
	fn accrue(issuer: InstitutionId, value: Balance) -> DispatchResult;

	/// Interchange that was accrued is not due, since what it was taken for was refunded.
	fn release_accrued(issuer: InstitutionId, value: Balance);

	/// Pay interchange that was accrued to the pot. Law: reserve and accrued fall by `value`, the pot grows.
	fn collect(issuer: InstitutionId, value: Balance) -> DispatchResult;

	/// What is kept, of every institution of which it is something.
	fn encumbrances() -> Vec<(InstitutionId, Encumbrance)>;
}

/// What institutions owe to the holders of their points.
pub trait Liabilities {
	/// Fails by name if `bond` and `reserve` micro-units would be too little behind the points of `id` that
	/// are outstanding now.
	fn ensure_backed(id: InstitutionId, bond: Balance, reserve: Balance) -> DispatchResult;

	/// What an institution owes to the holders of its points, in settlement micro-units.
	fn outstanding(id: InstitutionId) -> Balance;

	/// What they can get for it at most: less, if a run-off has fixed a rate.
	fn payable(id: InstitutionId) -> Balance;

	/// The points of an institution that cannot go on are worth one rate from now on, which its reserve
	/// covers. Law: whoever spends them gets at most that, and all of them together at most the reserve.
	fn fix_rate(id: InstitutionId);
}

/// For a chain without points.
impl Liabilities for () {
	fn ensure_backed(_: InstitutionId, _: Balance, _: Balance) -> DispatchResult {
		Ok(())
	}

	fn outstanding(_: InstitutionId) -> Balance {
		0
	}

	fn payable(_: InstitutionId) -> Balance {
		0
	}

	fn fix_rate(_: InstitutionId) {}
}

/// What may still come upon a member.
pub trait Cases {
	/// Fails by name while something is open for which the member's bond stands.
	fn ensure_none(id: InstitutionId) -> DispatchResult;

	/// The settlement micro-units of its bond that it may come to pay for that.
	fn stake(_id: InstitutionId) -> Balance {
		0
	}
}

/// For a chain that knows no cases.
impl Cases for () {
	fn ensure_none(_: InstitutionId) -> DispatchResult {
		Ok(())
	}
}

impl<A: Cases, B: Cases> Cases for (A, B) {
	fn ensure_none(id: InstitutionId) -> DispatchResult {
		A::ensure_none(id)?;
		B::ensure_none(id)
	}

	fn stake(id: InstitutionId) -> Balance {
		A::stake(id).saturating_add(B::stake(id))
	}
}

/// Who may spend.
pub trait Customers<AccountId> {
	/// Count `value` micro-units against the limit of the person behind an account. Law: what the person
	/// spent in this window grows by `value`, or the call fails by name: a stranger, or over the limit.
	fn spend(account: &AccountId, value: Balance) -> DispatchResult;

	/// Fails by name unless the person behind an account is known for as long as exchanging takes.
	fn ensure_may_exchange(account: &AccountId) -> DispatchResult;

	/// Who got what an account had, after its key was lost; that one may have a successor too, but never
	/// among those before it.
	fn successor(account: &AccountId) -> Option<AccountId>;
}

/// For a chain on which everybody may spend anything.
impl<AccountId> Customers<AccountId> for () {
	fn spend(_: &AccountId, _: Balance) -> DispatchResult {
		Ok(())
	}

	fn ensure_may_exchange(_: &AccountId) -> DispatchResult {
		Ok(())
	}

	fn successor(_: &AccountId) -> Option<AccountId> {
		None
	}
}

/// What may be sponsored for a person.
pub trait Quotas<AccountId> {
	/// Who registered an account.
	fn registrar(account: &AccountId) -> Option<InstitutionId>;

	/// Whether the person of an account has `calls` sponsored calls left today; `None` for strangers.
	fn has(account: &AccountId, calls: u32) -> Option<bool>;

	/// Count `calls` as sponsored today. Law: what the person has left falls by as many.
	fn take(account: &AccountId, calls: u32);

	/// Whether an account can object to its recovery.
	fn may_object(account: &AccountId) -> bool;
}

/// What accounts hold of vintages, with what is pending for them.
pub trait Holdings<AccountId> {
	/// What an account holds of a vintage, in settlement micro-units; zero if the vintage is not open.
	fn value(account: &AccountId, vintage: AssetId) -> Balance;

	/// Move all that `from` holds of a vintage, and what is pending, to `to`, and say its value. Law:
	/// `value(to)` grows by what `value(from)` was, which is then zero.
	fn move_all(from: &AccountId, to: &AccountId, vintage: AssetId) -> Result<Balance, DispatchError>;
}

/// Why the clock of a program stands, and with it the time to the expiry of its points.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Standstill {
	/// A supervisor halted it.
	Halt,
	/// Its issuer is overdue.
	Pause,
	/// Its issuer's reserve is below the minimum.
	Shortfall,
}

/// The clocks of programs. Law: while a clock stands, nothing of the program expires; when nothing holds it
/// any more, every open vintage expires later by the time for which it stood.
pub trait Clocks {
	/// Stop the clock for one reason; it may stand for others already.
	fn stop(program: ProgramId, reason: Standstill) -> DispatchResult;

	/// One reason is gone.
	fn resume(program: ProgramId, reason: Standstill) -> DispatchResult;
}

/// The clocks of all programs of a member that is overdue. Law: after `pause` they stand for
/// [`Standstill::Pause`], after `resume` not for that.
pub trait Pauses {
	/// The member fell overdue.
	fn pause(id: InstitutionId);

	/// It is overdue no more.
	fn resume(id: InstitutionId);
}

/// What [`Points::burn`] burned.
pub struct Burned {
	/// Who issued the points.
	pub issuer: InstitutionId,
	/// The vintages in the order in which they were taken, each with what its points pay: their face
	/// value, or the rate of it that a run-off pays.
	pub burns: Vec<Burn>,
}

/// What supervisors stopped.
pub trait Halts<AccountId> {
	/// Fails by name while points of `program` may not leave `who`.
	fn ensure_may_leave(who: &AccountId, program: ProgramId) -> DispatchResult;

	/// Fails by name while no points of `program` may be made.
	fn ensure_may_make(program: ProgramId) -> DispatchResult;

	/// What `from` held is going to `to`, after its key was lost. Law: afterwards `to` is halted for at least
	/// as long as `from`, and `from` as long as before, since not everything goes at once.
	fn follow(from: &AccountId, to: &AccountId);

	/// The accounts that were halted at `at`, as far as it is remembered: those whose halt still runs, or has
	/// ended since the last block.
	fn halted_at(at: Moment) -> Vec<AccountId>;

	/// Do something in whose way no halt stands. Law: what is halted afterwards is what was before.
	fn set_aside<R>(act: impl FnOnce() -> R) -> R;
}

/// For a chain without supervisors.
impl<AccountId> Halts<AccountId> for () {
	fn ensure_may_leave(_: &AccountId, _: ProgramId) -> DispatchResult {
		Ok(())
	}

	fn ensure_may_make(_: ProgramId) -> DispatchResult {
		Ok(())
	}

	fn follow(_: &AccountId, _: &AccountId) {}

	fn halted_at(_: Moment) -> Vec<AccountId> {
		Vec::new()
	}

	fn set_aside<R>(act: impl FnOnce() -> R) -> R {
		act()
	}
}

/// Points as neighbours use them.
pub trait Points<AccountId> {
	/// Burn points of `program` held by `from`, vintages that expire first first, until either
	/// `max_points` smallest units are burned or what is burned pays at least `max_value` micro-units, or
	/// the holder has no more. Never burns one smallest unit more than `max_value` needs, and nothing of
	/// vintages that would be expired `lasting` milliseconds from now.
	///
	/// Law: the issuer's outstanding value falls by the face value of what is burned, which is never less
	/// than what it pays, and the flow counter of `venue` grows by the points.
	fn burn(
		from: &AccountId,
		program: ProgramId,
		max_points: Balance,
		max_value: Balance,
		venue: Venue,
		lasting: Moment,
	) -> Result<Burned, DispatchError>;

	/// Mint `points` smallest units that were burned into their vintage again, which must be open, for `to`
	/// or whoever recovered that account. Law: the issuer's outstanding value and everything it ever made
	/// grow by their face value, and the flow counter `reinstated` by the points; neither cap nor minimum
	/// reserve is asked, since the points were within them when they were issued.
	fn reinstate(to: &AccountId, vintage: AssetId, points: Balance) -> DispatchResult;

	/// As [`Points::reinstate`], for points worth `value` micro-units in another vintage: rounded down to
	/// whole smallest units, which it returns.
	fn reinstate_value(to: &AccountId, vintage: AssetId, value: Balance) -> Result<Balance, DispatchError>;

	/// Where what was burned of `vintage` comes back: itself while it is open, then the open vintage of its
	/// program that expires first; `None` if there is none, or if the issuer is in run-off or gone.
	fn returns_to(vintage: AssetId) -> Option<AssetId>;

	/// The open vintage that expires first of the issuer's first program that has one; else that of the
	/// first program's current period, which is opened. `None` if it has no program.
	fn vintage_of(issuer: InstitutionId) -> Result<Option<AssetId>, DispatchError>;

	/// Who issues the points of `program`.
	fn issuer(program: ProgramId) -> Result<InstitutionId, DispatchError>;

	/// Who issued an open vintage, and the face value of one smallest unit; `None` if it is not open.
	fn open_vintage(vintage: AssetId) -> Option<(InstitutionId, u32)>;

	/// What [`Points::burn`] would pay of the same account and program, in settlement micro-units.
	fn worth(account: &AccountId, program: ProgramId, max_points: Balance) -> Balance;

	/// Make points of `program` worth `value` micro-units, rounded down to whole smallest units, for `to`,
	/// and say how many; they are pending as an award is. Law: they count as issued against the issuer's
	/// liability cap.
	fn exchange_in(to: &AccountId, program: ProgramId, value: Balance) -> Result<Balance, DispatchError>;
}
