//! Every trait between two pallets, each with its law.

mod clearing;
mod clock;
mod conduct;
mod customers;
mod eras;
mod members;
mod points;
mod votes;

pub use clearing::*;
pub use clock::*;
pub use conduct::*;
pub use customers::*;
pub use eras::*;
pub use members::*;
pub use points::*;
pub use votes::*;
