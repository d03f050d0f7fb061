//! Loyalty points: programs, vintages, awards, expiry.
//!
//! # Terminology
//! - *program*: one institution's points, with terms: face value, period, validity, pending time, decimals.
//! - *vintage*: the points of one program issued in one period under one set of terms, and **one
//!   `pallet-assets` asset**, so that every wallet shows and transfers points without knowing Hanse.
//! - *smallest unit*: the indivisible unit of points; decimals are for display only.
//! - *face value*: whole settlement micro-units that the issuer owes for one smallest unit.
//! - *outstanding value*: what an institution owes to all holders of its points, pending awards included.
//! - *authorised*: burned for a merchant that has not taken them yet; they may come back, so they are outstanding.
//! - *pending*: awarded and owed, but not minted before the return window of what was bought is over.
//! - *breakage*: points that expired unused; they are the issuer's.
//! - *period*: how long points go into the same vintage: a number of milliseconds, or a calendar month, quarter
//!   or year of a place. Periods follow the time of day.
//! - *clock* of a program: time, less the time for which it stood. Nothing expires while it stands.
//!
//! # Overview
//! Vintages open lazily, at the first award of a period. Their assets are owned by this pallet's own
//! account and marked sufficient, so a holder needs no other token. Spending takes the vintage that
//! expires first, then the lower asset id. Revised terms begin with the next period, and with a vintage of
//! its own, so they never touch points that were awarded before.
//!
//! A vintage is expired from its moment on, tested by date. The first block at or after it books the
//! breakage: a fixed number of writes whatever the number of holders. What is left of the accounts is
//! swept in pieces by blocks that have nothing else to do. What a customer holds of it whose points were halted
//! at that moment is not lost: it is carried into the vintage of the program that expires last.
//!
//! Points are made only within the issuer's liability cap and above its minimum reserve; what backs them is the
//! bond, less what it answers for on lines, and what of the reserve is free. In a day an institution issues at most
//! a share of what is outstanding, and a floor that its bond covers, so that nobody thins out what its holders will
//! get just before it ends. What it refunds at its own till counts as issued. What others refund or exchange in comes with
//! all its money and does not count; that money stays behind it, and becomes as free as other money is by as much in a
//! day as may be issued in it, or when as much is spent. A reserve may fall below that by paying; found so at the end
//! of an era, the issuer's clocks stand, and found so again a
//! whole era later, the issuer is in run-off: all its points pay one rate of their face value, fixed then.
//!
//! # Invariants
//! 1. Per program: issued + reinstated + exchanged in − redeemed at home − redeemed at partners − exchanged
//!    out − expired − cancelled = Σ (supply + pending) of its open vintages (`Flows` are the roll-forward
//!    that IFRS 15 asks for).
//! 2. Outstanding value of an institution = Σ over its open vintages of (supply + pending) × face value + the face
//!    value of what is authorised.
//! 3. Every open vintage of a program whose clock runs is in the agenda once, under its expiry, and nothing
//!    else is.
//! 4. The programs of an institution are the programs that name it as their issuer, and until it is gone they
//!    have their names and symbols, in all readings, to themselves.
//! 5. What is pending of an open vintage = Σ over accounts of what is pending for them = Σ over awards.
//! 6. Every program closes its books once, at a moment that is to come or due.
//! 7. Nobody got more than points were worth: of every institution, made − lapsed − outstanding, which is
//!    what was ever spent of its points, is never less than what it paid to others, less what came back by
//!    refunds; what a refund reinstates or a halt carries on counts as made anew.
//! 8. Every order that was served is remembered in [`AwardedOrders`] and listed once in [`AwardBatchesByEra`], and while its
//!    award is pending it says where.
//! 9. What came of late with money was made; and what had ever been spent then is no more than has been by now.
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod accounts;
mod backing;
pub mod calendar;
mod clock;
mod donate;
mod expiry;
pub mod math;
mod minting;
mod orders;
mod pending;
mod programs;
mod spending;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

pub use calendar::Period;
pub use pallet::*;
pub use types::*;
pub use weights::WeightInfo;

use hanse_primitives::{Duration, DAY};

/// Awards that one block makes usable by itself at most.
pub(crate) const MAX_MATURED_PER_BLOCK: u32 = 200;
/// After how long what could not be done is tried again.
pub(crate) const RETRY: Duration = DAY;

#[frame_support::pallet]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use frame_support::{
		defensive,
		pallet_prelude::*,
		traits::{fungibles, Time},
		weights::WeightMeter,
		PalletId,
	};
	use frame_system::pallet_prelude::*;
	use hanse_primitives::{
		AssetId, Balance, Conduct, Customers, DeadlineClock, EraIndex, Eras, Halts, InstitutionId,
		MemberStatus, Members, Moment, Money, Names, Order, Points, ProgramId, Reading, Reserves, Sanctions,
		MAX_AWARDS, MAX_LEGS, MAX_OPEN_VINTAGES, MAX_PROGRAMS,
	};
	use sp_core::H256;
	use sp_runtime::{Percent, Perquintill};

	/// Of how this pallet's storage is laid out. Raise it with every migration.
	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	#[pallet::config]
	pub trait Config: frame_system::Config {
		/// The account of an institution.
		type MemberOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = InstitutionId>;

		/// Who belongs to the alliance, its bonds, and its names, since nobody takes another's.
		type Members: Members<Self::AccountId> + Names;

		/// The reserves that stand behind points, beside the bonds.
		type Clearing: Reserves;

		/// Who got what was an account's whose key was lost.
		type Customers: Customers<Self::AccountId>;

		/// Where members stand who cannot go on.
		type MemberStatus: MemberStatus;

		/// What follows for a member whose reserve is too low.
		type Conduct: Conduct;

		/// What supervisors stopped.
		type Halts: Halts<Self::AccountId>;

		/// What keeps an active member from issuing.
		type Sanctions: Sanctions;

		/// The assets that vintages are.
		type Assets: fungibles::Create<Self::AccountId, AssetId = AssetId, Balance = Balance>
			+ fungibles::Destroy<Self::AccountId>
			+ fungibles::Mutate<Self::AccountId>
			+ fungibles::metadata::Mutate<Self::AccountId>;

		/// The clock of deadlines.
		type DeadlineClock: DeadlineClock;

		/// The chain's clock.
		type Time: Time<Moment = Moment>;

		/// The clock of accounting eras.
		type Eras: Eras;

		/// Owns the assets of all vintages.
		#[pallet::constant]
		type PalletId: Get<PalletId>;

		/// Outstanding value at most, in per cent of bond and reserve; no `Percent`, since it is more than all of them.
		/// The same for everybody.
		type LiabilityRatio: Get<u32>;

		/// The part of the outstanding value that a free reserve is at least. The same for everybody.
		type ReserveRatio: Get<Percent>;

		/// The part of the outstanding value that may be issued in a day. The same for everybody.
		type Growth: Get<Percent>;

		/// What may be issued in a day beside that, in settlement micro-units. The same for everybody.
		type GrowthFloor: Get<Money>;

		/// The longest time for which awards may be pending.
		type MaxPending: Get<Duration>;

		/// The shortest period of a program.
		#[pallet::constant]
		type MinPeriod: Get<Duration>;

		/// The longest validity of points after the end of their period.
		type MaxValidity: Get<Duration>;

		/// Weights of calls and hooks.
		type WeightInfo: WeightInfo;
	}

	/// The programs, each with its open vintages: what a payment needs, in one read.
	/// Paid for by the issuer's call; at most sixteen an institution, and kept, since ids are never used again.
	#[pallet::storage]
	pub type Programs<T: Config> = StorageMap<_, Twox64Concat, ProgramId, Program>;

	/// How programs are called. Kept apart from `Programs`, since only an opening vintage needs it.
	#[pallet::storage]
	pub type Labels<T: Config> = StorageMap<_, Twox64Concat, ProgramId, Label>;

	/// The program of each reading of a name or symbol, at most six each. Creating the program pays for them; when
	/// its institution is gone for good they are free, and who takes one overwrites it.
	#[pallet::storage]
	pub type ProgramByReading<T: Config> = StorageMap<_, Blake2_128Concat, Reading, ProgramId>;

	/// The programs of each institution.
	/// One list for each institution that ever had a program.
	#[pallet::storage]
	pub type ProgramsOf<T: Config> =
		StorageMap<_, Twox64Concat, InstitutionId, BoundedVec<ProgramId, ConstU32<MAX_PROGRAMS>>, ValueQuery>;

	/// The id of the program that was created last.
	#[pallet::storage]
	pub type LastProgram<T: Config> = StorageValue<_, ProgramId, ValueQuery>;

	/// What happened to each program's points, ever, in smallest units.
	/// One for each program, and kept for auditors.
	#[pallet::storage]
	pub type FlowsOf<T: Config> = StorageMap<_, Twox64Concat, ProgramId, Flows, ValueQuery>;

	/// What each institution owes to the holders of its points, and at which rate.
	/// Whoever has points made pays for it; at most one for each institution that ever issued, and kept.
	#[pallet::storage]
	pub type LiabilityOf<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, Liability, ValueQuery>;

	/// Orders for which points were issued, by program and commitment, so that a retry cannot issue twice
	/// whatever open era it names. The issuer's fee pays for an entry; it is removed once the era in which the
	/// order was served takes no orders any more and its award is not pending.
	#[pallet::storage]
	pub type AwardedOrders<T: Config> =
		StorageDoubleMap<_, Twox64Concat, ProgramId, Blake2_128Concat, H256, AwardedOrder>;

	/// The same orders by (era in which they were served, batch), both big-endian and unhashed: the first key is
	/// the next that idle blocks check. Those still pending are entered anew under the era of that check.
	#[pallet::storage]
	pub type AwardBatchesByEra<T: Config> =
		StorageNMap<_, (NMapKey<Identity, [u8; 4]>, NMapKey<Identity, [u8; 8]>), AwardBatch>;

	/// The number of the batch of awards that was made last.
	#[pallet::storage]
	pub type LastBatch<T: Config> = StorageValue<_, u64, ValueQuery>;

	/// Open vintages in the order in which they expire: (expiry, asset), both big-endian and unhashed,
	/// so that the first key is the next to expire.
	/// Paid for with the first points of the vintage; gone when it expires.
	#[pallet::storage]
	pub type ExpiryQueue<T: Config> = StorageMap<_, Identity, ([u8; 8], [u8; 4]), ()>;

	/// Awards that cannot be used yet, by (when they can, vintage, number of the batch), all big-endian and
	/// unhashed: the first key is the next to mature. The issuer's or the exchanging customer's fee pays for an
	/// entry, and maturing removes it.
	#[pallet::storage]
	pub type PendingBatches<T: Config> = StorageNMap<
		_,
		(NMapKey<Identity, [u8; 8]>, NMapKey<Identity, [u8; 4]>, NMapKey<Identity, [u8; 8]>),
		PendingAwards<T::AccountId>,
	>;

	/// Smallest units of each vintage that are pending for each account.
	/// Paid for by the award; gone when it is minted, cancelled, or its batch comes up after the expiry.
	#[pallet::storage]
	pub type PendingOf<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, AssetId, Points, ValueQuery>;

	/// Smallest units of each open vintage that are pending.
	/// At most one for each open vintage; gone when it expires.
	#[pallet::storage]
	pub type PendingTotal<T: Config> = StorageMap<_, Twox64Concat, AssetId, Points, ValueQuery>;

	/// The value of what each institution ever made, and of what lapsed of it.
	/// At most one for each institution that ever issued.
	#[pallet::storage]
	pub type LifetimeValueOf<T: Config> =
		StorageMap<_, Twox64Concat, InstitutionId, LifetimeValue, ValueQuery>;

	/// What each institution issued of late, which is bounded. Whoever issues pays for its entry; there is one for
	/// each institution that ever issued.
	#[pallet::storage]
	pub type RecentIssuanceOf<T: Config> =
		StorageMap<_, Twox64Concat, InstitutionId, RecentIssuance, ValueQuery>;

	/// What was made of each institution's points with money that came for them of late, which stays behind them.
	/// Paid for by the exchange or refund that makes it; at most one for each institution that ever issued.
	#[pallet::storage]
	pub type FundedOf<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, Funded>;

	/// When the books of each program are closed next: (moment, program), both big-endian and unhashed.
	/// One for each program: the next.
	#[pallet::storage]
	pub type PeriodEnds<T: Config> = StorageMap<_, Identity, ([u8; 8], [u8; 2]), ()>;

	/// The books of each program at the ends of its last periods, the oldest first.
	#[pallet::storage]
	pub type PeriodClosings<T: Config> =
		StorageMap<_, Twox64Concat, ProgramId, BoundedVec<PeriodClosing, ConstU32<MAX_CLOSINGS>>, ValueQuery>;

	/// Members whose reserve was below the minimum at the last end of an era, and since when.
	/// At most one for each member; gone when its reserve is in order, or in run-off.
	#[pallet::storage]
	pub type Shortfalls<T: Config> = StorageMap<_, Twox64Concat, InstitutionId, Shortfall>;

	/// Vintages whose breakage is booked and whose dead accounts are still to be swept.
	/// Paid for with the awards of the vintage; gone when its accounts are swept.
	#[pallet::storage]
	pub type SweepQueue<T: Config> = StorageMap<_, Twox64Concat, AssetId, ()>;

	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// An institution created a program.
		ProgramCreated { institution: InstitutionId, program: ProgramId, terms: Terms },
		/// The first points of a period are being issued.
		VintageOpened { program: ProgramId, asset: AssetId, face_value: u32, expires: Moment },
		/// Points of the period that begins go into the vintage of the one before, which expires later instead,
		/// since eight are open.
		VintageProlonged { program: ProgramId, asset: AssetId, expires: Moment },
		/// New terms, for points issued from a moment on.
		TermsRevised { program: ProgramId, old: Terms, new: Terms, from: Moment },
		/// Points were issued for one order; smallest units, and when they can be used if that is later.
		PointsIssued {
			program: ProgramId,
			asset: AssetId,
			to: T::AccountId,
			amount: Points,
			order: H256,
			matures: Option<Moment>,
		},
		/// Points were issued for many orders; smallest units in all. `batch` is the Blake2-256 hash of the
		/// call's encoded awards. Where they can be used at once, the assets pallet names each holder.
		BatchIssued {
			program: ProgramId,
			asset: AssetId,
			batch: H256,
			awards: u32,
			amount: Points,
			matures: Option<Moment>,
		},
		/// Awards of a batch were left out, since their orders were served before or stand in it twice.
		AwardsSkipped { program: ProgramId, batch: H256, skipped: Vec<Skipped> },
		/// An award can be used.
		PointsMatured { asset: AssetId, to: T::AccountId, amount: Points },
		/// An award, or so many smallest units of it, was taken back while it was pending.
		AwardCancelled { program: ProgramId, asset: AssetId, from: T::AccountId, order: H256, amount: Points },
		/// Points came back that were spent, or that expired while their holder was halted: smallest units.
		PointsReinstated { program: ProgramId, asset: AssetId, to: T::AccountId, amount: Points },
		/// Somebody gave points away, of one or more vintages.
		PointsDonated { program: ProgramId, from: T::AccountId, to: T::AccountId, amount: Points },
		/// Nothing of a program expires for now.
		ClockStopped { program: ProgramId },
		/// Everything of a program expires later by the time for which its clock stood.
		ClockResumed { program: ProgramId, stood: Duration },
		/// A member's reserve was below the minimum at the end of an era. After a whole era of it, it is in
		/// run-off.
		ReserveFellShort { institution: InstitutionId },
		/// All points of an institution in run-off pay this part of their face value.
		RateFixed { institution: InstitutionId, rate: Perquintill },
		/// A vintage expired: its smallest units and the settlement micro-units no longer owed.
		VintageExpired { program: ProgramId, asset: AssetId, amount: Points, value: Money },
		/// Nothing is left of an expired vintage.
		VintageSwept { asset: AssetId },
		/// A block found something that cannot be, and left it as it is.
		Inconsistent { what: PointsInconsistency<T::AccountId> },
	}

	#[pallet::error]
	pub enum Error<T> {
		/// There is no program of this id. Read `Programs` for those that exist.
		NotFound,
		/// The vintage is expired or never was. Read `Programs` for those that are open.
		NotOpen,
		/// The program belongs to another institution. Only the issuer issues.
		NotIssuer,
		/// The amount is zero.
		ZeroAmount,
		/// The award at this place of the batch, from 0, is of zero points, or adds up to more than there can be.
		BadAward(u16),
		/// The batch is empty.
		NoAwards,
		/// Points were issued for this order already. Nothing is left to do; `awarded` says where they are.
		AlreadyIssued,
		/// The order's era has not begun, or is over for longer than the rules take orders.
		EraNotOpen,
		/// The points would be worth more than the liability ratio allows on bond and reserve, or these would be less
		/// than it wants behind the points. Top up the reserve, or take less of it.
		OverLiabilityCap,
		/// The issuer's reserve would be below the minimum for its outstanding value, of which what came with money of
		/// late needs all. Top it up, or take less of it.
		BelowMinimumReserve,
		/// More would be issued, or refunded in the issuer's own points, in a day than the rules allow: a share of what
		/// is outstanding, and a floor. Room comes back evenly over a day; wait, or issue or refund less.
		OverDailyGrowth,
		/// The holder has fewer unexpired points of the program.
		PointsTooFew,
		/// No award of this order is pending: it matured, was taken back in whole, or never was.
		NotPending,
		/// More would be taken back in all than was awarded for the order.
		MoreThanAwarded,
		/// No award is due. Wait until its time.
		NothingDue,
		/// The books contradict themselves, which cannot be. Nothing was changed; tell whoever runs the chain.
		Inconsistent,
		/// A face value is 1 to 10,000 micro-units.
		InvalidFaceValue,
		/// Points have at most 6 decimals, and keep them: amounts of all vintages add up.
		InvalidDecimals,
		/// The period is shorter than `MinPeriod`.
		PeriodTooShort,
		/// A place is at most 14 hours ahead of or behind UTC. A program keeps its place, or that it counts in
		/// milliseconds, since its vintages are called after it.
		InvalidPeriod,
		/// The validity is zero, longer than six of the shortest periods or longer than `MaxValidity`.
		InvalidValidity,
		/// Awards are pending for at most half of the validity, and at most `MaxPending`.
		InvalidPending,
		/// A name is 1 to 32 bytes of UTF-8 in normal form C: letters and digits of one script with
		/// punctuation and single spaces between them, and nothing that cannot be seen. A symbol is 1 to 8
		/// of `A-Z` and `0-9`.
		InvalidLabel,
		/// Another program or institution has this name or symbol, or one that looks like it: case, spaces
		/// and characters that look alike make no difference.
		NameTaken,
		/// The institution has 16 programs.
		MaxProgramsExceeded,
		/// The program has 8 open vintages, and the newest has another face value: wait until one expires. Or it
		/// has had 65,536: create another.
		MaxVintagesExceeded,
	}

	#[pallet::call]
	impl<T: Config> Pallet<T> {
		/// Create a program with `terms`. Its first period starts now, and ends with the calendar's if it goes by one.
		///
		/// Origin: an active institution, which pays the fee.
		///
		/// Parameters:
		/// - `name`: 1 to 32 bytes of UTF-8; `symbol`: 1 to 8 of `A-Z` and `0-9`. Wallets show them with the period of a
		///   vintage.
		/// - `terms`: what is promised for points issued from now on ([`Terms`]: micro-units and milliseconds).
		///
		/// Event: [`Event::ProgramCreated`].
		///
		/// Errors:
		/// - [`Error::InvalidLabel`] if `name` or `symbol` is not of that form.
		/// - [`Error::NameTaken`] if another institution or program has one of them, or one that looks like it.
		/// - [`Error::InvalidFaceValue`] unless 1 ≤ face value ≤ 10,000; [`Error::InvalidDecimals`] if there are more than 6.
		/// - [`Error::InvalidPeriod`] if the place is more than 14 hours from UTC; [`Error::PeriodTooShort`] if the shortest
		///   period is shorter than [`Config::MinPeriod`].
		/// - [`Error::InvalidValidity`] if it is zero, longer than six of the shortest periods or than [`Config::MaxValidity`].
		/// - [`Error::InvalidPending`] if it is longer than half of the validity or than [`Config::MaxPending`].
		/// - [`Error::MaxProgramsExceeded`] if the institution has 16 programs.
		/// - That of [`Members::ensure_active`] if the institution is not active or its bond is below the rule.
		#[pallet::call_index(0)]
		#[pallet::weight(T::WeightInfo::create_program())]
		pub fn create_program(
			origin: OriginFor<T>,
			name: Vec<u8>,
			symbol: Vec<u8>,
			terms: Terms,
		) -> DispatchResult {
			let institution = T::MemberOrigin::ensure_origin(origin)?;
			let label = Label::new(&name, &symbol).ok_or(Error::<T>::InvalidLabel)?;
			Self::do_create_program(institution, label, terms)
		}

		/// Issue `amount` smallest units of `program` to `to`, once for this `order`. Where the terms say so they are pending
		/// first.
		///
		/// Origin: the active institution that owns `program`, which pays the fee.
		///
		/// Parameters:
		/// - `to`: who earned them; if that account was recovered, its successor gets them.
		/// - `order`: the era in which it was placed, and its salted hash, which names it whatever era a retry names.
		///
		/// Event: [`Event::PointsIssued`]; before it [`Event::VintageOpened`] or [`Event::VintageProlonged`] with the first
		/// points of a period.
		///
		/// Errors:
		/// - [`Error::NotFound`] if there is no such program; [`Error::NotIssuer`] if it is another's.
		/// - [`Error::ZeroAmount`] if `amount` is zero.
		/// - [`Error::EraNotOpen`] if the order's era has not begun, or is over for longer than the rules take orders.
		/// - [`Error::AlreadyIssued`] if points were issued for the order before.
		/// - [`Error::OverLiabilityCap`] if the outstanding value would be more than the ratio of bond and free reserve.
		/// - [`Error::BelowMinimumReserve`] if the free reserve would be less than the ratio of the outstanding value.
		/// - [`Error::OverDailyGrowth`] if more would be issued in a day than the rules allow.
		/// - [`Error::MaxVintagesExceeded`] if the period's vintage has no place.
		/// - Those of [`Members::ensure_active`], [`Config::Sanctions`] and [`Config::Halts`] while the institution may not
		///   issue, or the program is halted.
		#[pallet::call_index(1)]
		#[pallet::weight(T::WeightInfo::issue_batch(1))]
		pub fn issue(
			origin: OriginFor<T>,
			program: ProgramId,
			to: T::AccountId,
			amount: Points,
			order: Order,
		) -> DispatchResult {
			let issuer = T::MemberOrigin::ensure_origin(origin)?;
			Self::do_issue(issuer, program, to, amount, order)
		}

		/// Issue up to 500 awards of `program`, each once for its order of `era`. Orders that were served before are skipped,
		/// and the event names them; of the others all are served or none.
		///
		/// Origin: the active institution that owns `program`, which pays the fee.
		///
		/// Parameters:
		/// - `era`: the era in which all the orders were placed.
		/// - `awards`: who earned how many smallest units, and for which order.
		///
		/// Events: [`Event::BatchIssued`] unless all are skipped; [`Event::AwardsSkipped`] if some are.
		///
		/// Errors: those of [`Pallet::issue`], but for [`Error::AlreadyIssued`], and instead of [`Error::ZeroAmount`]
		/// - [`Error::BadAward`] with the place of an award of zero points, or with which all are more than there can be;
		/// - [`Error::NoAwards`] if the batch is empty.
		#[pallet::call_index(2)]
		#[pallet::weight(T::WeightInfo::issue_batch(awards.len() as u32))]
		pub fn issue_batch(
			origin: OriginFor<T>,
			program: ProgramId,
			era: EraIndex,
			awards: BoundedVec<Award<T::AccountId>, ConstU32<MAX_AWARDS>>,
		) -> DispatchResult {
			let issuer = T::MemberOrigin::ensure_origin(origin)?;
			Self::do_issue_batch(issuer, program, era, &awards)
		}

		/// Promise other `terms` for points issued from the program's next period on. What was awarded before keeps its face
		/// value and its expiry. A second revision in the same period replaces the first.
		///
		/// Origin: the active institution that owns `program`, which pays the fee.
		///
		/// Event: [`Event::TermsRevised`].
		///
		/// Errors: of the terms as for [`Pallet::create_program`], and
		/// - [`Error::NotFound`] if there is no such program; [`Error::NotIssuer`] if it is another's.
		/// - [`Error::InvalidDecimals`] if they are not those of the terms in force.
		/// - [`Error::InvalidPeriod`] if vintages would be called otherwise: counted instead of after the calendar, or after
		///   that of another place.
		#[pallet::call_index(3)]
		#[pallet::weight(T::WeightInfo::revise_terms())]
		pub fn revise_terms(origin: OriginFor<T>, program: ProgramId, terms: Terms) -> DispatchResult {
			let issuer = T::MemberOrigin::ensure_origin(origin)?;
			Self::do_revise_terms(issuer, program, terms)
		}

		/// Take back, of the award for an order, `total` smallest units in all so far, since what was bought was returned. A
		/// repeat does nothing. Only while it is pending; what is left matures when it would have.
		///
		/// Origin: the institution that issued it, which pays the fee.
		///
		/// Parameters:
		/// - `order`: the commitment of the order.
		/// - `total`: smallest units, those that were taken back before included.
		///
		/// Event: [`Event::AwardCancelled`], unless as much was taken back before.
		///
		/// Errors:
		/// - [`Error::NotFound`] if there is no such program; [`Error::NotIssuer`] if it is another's.
		/// - [`Error::NotPending`] if nothing was awarded for the order, or it can be used, is expired or was taken back in
		///   whole.
		/// - [`Error::ZeroAmount`] if `total` is zero; [`Error::MoreThanAwarded`] if it is more than was awarded.
		#[pallet::call_index(4)]
		#[pallet::weight(T::WeightInfo::cancel_award())]
		pub fn cancel_award(
			origin: OriginFor<T>,
			program: ProgramId,
			order: H256,
			#[pallet::compact] total: Points,
		) -> DispatchResult {
			let issuer = T::MemberOrigin::ensure_origin(origin)?;
			Self::do_cancel_award(issuer, program, order, total)
		}

		/// Make up to `limit` awards usable whose time has come, those first that were due first. The chain does so by itself,
		/// in pieces; this is for those who do not want to wait.
		///
		/// Origin: anybody, who pays the fee.
		///
		/// Parameters:
		/// - `limit`: awards; of more than 500, 500.
		///
		/// Event: [`Event::PointsMatured`] for each; [`Event::Inconsistent`] for one that cannot be minted.
		///
		/// Errors: [`Error::NothingDue`] if no award's time has come.
		#[pallet::call_index(5)]
		#[pallet::weight(T::WeightInfo::mature((*limit).min(MAX_AWARDS)).saturating_mul(2))]
		pub fn mature(origin: OriginFor<T>, limit: u32) -> DispatchResultWithPostInfo {
			ensure_signed(origin)?;
			let limit = limit.min(MAX_AWARDS);
			let most = T::WeightInfo::mature(limit).saturating_mul(2);
			let mut meter = WeightMeter::with_limit(most);
			ensure!(Self::mature_due(limit, &mut meter) > 0, Error::<T>::NothingDue);
			Ok(Some(meter.consumed()).into())
		}

		/// Give `amount` smallest units of `program` away, those that expire first first.
		///
		/// Origin: the holder. The issuer of the points pays the fee within its budget, else the holder.
		///
		/// Parameters:
		/// - `to`: who gets them; if that account was recovered, its successor.
		///
		/// Event: [`Event::PointsDonated`].
		///
		/// Errors:
		/// - [`Error::NotFound`] if there is no such program.
		/// - [`Error::ZeroAmount`] if `amount` is zero.
		/// - [`Error::PointsTooFew`] if the holder has fewer that are neither pending nor expired.
		/// - That of [`Config::Halts`] while the holder's points or those of the program are halted.
		#[pallet::call_index(6)]
		#[pallet::weight(T::WeightInfo::donate(MAX_OPEN_VINTAGES))]
		pub fn donate(
			origin: OriginFor<T>,
			program: ProgramId,
			to: T::AccountId,
			#[pallet::compact] amount: Points,
		) -> DispatchResultWithPostInfo {
			let from = ensure_signed(origin)?;
			let vintages = Self::do_donate(from, program, to, amount)?;
			Ok(Some(T::WeightInfo::donate(vintages)).into())
		}

		/// Give all usable points of up to 8 programs away, so that an account is emptied in one go. Programs of which the
		/// holder has none are passed over; what is pending stays with the holder.
		///
		/// Origin: the holder. The issuer of the first program of which it has any pays the fee within its budget, else the
		/// holder.
		///
		/// Event: [`Event::PointsDonated`] for each program.
		///
		/// Errors:
		/// - [`Error::NotFound`] if one of the programs does not exist.
		/// - [`Error::PointsTooFew`] if the holder has nothing to give of any.
		/// - That of [`Config::Halts`] while the holder's points or those of one of the programs are halted.
		#[pallet::call_index(7)]
		#[pallet::weight(T::WeightInfo::donate_all_at_most(programs.len() as u32))]
		pub fn donate_all(
			origin: OriginFor<T>,
			programs: BoundedVec<ProgramId, ConstU32<MAX_LEGS>>,
			to: T::AccountId,
		) -> DispatchResultWithPostInfo {
			let from = ensure_signed(origin)?;
			let vintages = Self::do_donate_all(from, &programs, to)?;
			Ok(Some(T::WeightInfo::donate_all(programs.len() as u32, vintages)).into())
		}
	}

	impl<T: Config> Pallet<T> {
		/// Report what cannot be, to the log of the node and to whoever watches events.
		pub(crate) fn report(what: PointsInconsistency<T::AccountId>) {
			defensive!("the books contradict themselves", what);
			Self::deposit_event(Event::Inconsistent { what });
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// What an account holds of programs from `from` on (1 for the first page), 64 programs a page.
		pub fn portfolio(account: T::AccountId, from: ProgramId) -> Portfolio {
			Self::read_portfolio(&account, from)
		}

		/// The programs from `from` on (1 for the first page), 64 a page: what they are called, what they promise, the
		/// dates of the period that runs and of what is open, and what comes after it.
		pub fn programs(from: ProgramId) -> ProgramPage {
			Self::read_programs(from)
		}

		/// What became of orders for which points of a program were issued; `None` for those that were not served,
		/// or so long ago that nobody can name them again. At most 500 at once.
		pub fn awarded(
			program: ProgramId,
			orders: BoundedVec<H256, ConstU32<MAX_AWARDS>>,
		) -> Vec<Option<OrderStatus>> {
			Self::read_awarded(program, &orders)
		}

		/// What stands behind an institution's points and what it owes for them; `None` for strangers.
		pub fn statement(institution: InstitutionId) -> Option<LiabilityStatement> {
			Self::read_statement(institution)
		}

		/// The roll-forward of a program over the period in which `at` lies: the running one, or one of the
		/// eleven before it. Older ones are in the state of older blocks.
		pub fn roll_forward(program: ProgramId, at: Moment) -> Option<RollForward> {
			Self::read_roll_forward(program, at)
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		/// Do what is due: breakage, then the books of periods, then awards that can be used. Each is bounded,
		/// and the next block goes on.
		fn on_poll(_: BlockNumberFor<T>, meter: &mut WeightMeter) {
			Self::book_expiries(meter);
			Self::close_periods(meter);
			Self::mature_due(MAX_MATURED_PER_BLOCK, meter);
		}

		/// Sweep what expired vintages and past eras left behind.
		fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
			let mut meter = WeightMeter::with_limit(remaining);
			Self::sweep(&mut meter);
			meter.consumed()
		}

		fn integrity_test() {
			assert!(T::MinPeriod::get() > 0, "a period of zero would divide by zero");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}
}
