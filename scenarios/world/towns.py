"""Fujian on the map: depots and the towns around them, real coordinates (degrees, WGS-84, to a hundredth).

`weight` is a rough share of work, in the order of the towns' size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kernel.place import LatLon


@dataclass(frozen=True, slots=True)
class Town:
    """A town with sites.

    Args:
        spread_km: how far its sites lie from its centre, one standard deviation.
        slow: roads to its depot are mountain roads: measured times replace the model's.
    """

    name: str
    centre: LatLon
    weight: float
    spread_km: float
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A depot and the towns it serves. `code` stands in ids: ``D-FZ``."""

    code: str
    name: str
    depot: LatLon
    towns: tuple[Town, ...]

    @property
    def weight(self) -> float:
        """Share of work of all its towns."""
        return sum(town.weight for town in self.towns)

    @property
    def depot_id(self) -> str:
        """Id of the depot as a place."""
        return f"D-{self.code}"


AREAS: tuple[Area, ...] = (
    Area(
        "FZ",
        "Fuzhou 福州",
        LatLon(26.05, 119.34),
        (
            Town("Fuzhou 福州", LatLon(26.07, 119.30), 13.0, 6.0),
            Town("Minhou 闽侯", LatLon(26.15, 119.13), 2.0, 3.0),
            Town("Changle 长乐", LatLon(25.96, 119.52), 2.5, 3.0),
            Town("Fuqing 福清", LatLon(25.72, 119.38), 3.5, 4.0),
            Town("Lianjiang 连江", LatLon(26.20, 119.53), 1.0, 2.0),
            Town("Pingtan 平潭", LatLon(25.50, 119.79), 1.0, 2.0),
            Town("Minqing 闽清", LatLon(26.22, 118.86), 0.7, 1.5),
            Town("Luoyuan 罗源", LatLon(26.49, 119.55), 0.7, 1.5),
        ),
    ),
    Area(
        "XM",
        "Xiamen 厦门",
        LatLon(24.55, 118.10),
        (
            Town("Xiamen 厦门", LatLon(24.48, 118.09), 9.0, 4.0),
            Town("Tong'an 同安", LatLon(24.73, 118.15), 2.5, 3.0),
            Town("Zhangzhou 漳州", LatLon(24.51, 117.65), 4.5, 4.0),
            Town("Longhai 龙海", LatLon(24.45, 117.82), 1.5, 3.0),
            Town("Zhangpu 漳浦", LatLon(24.12, 117.61), 1.2, 2.0),
            Town("Changtai 长泰", LatLon(24.63, 117.76), 0.8, 1.5),
            Town("Dongshan 东山", LatLon(23.70, 117.43), 0.6, 1.5),
        ),
    ),
    Area(
        "QZ",
        "Quanzhou 泉州",
        LatLon(24.89, 118.61),
        (
            Town("Quanzhou 泉州", LatLon(24.87, 118.68), 7.0, 4.0),
            Town("Jinjiang 晋江", LatLon(24.78, 118.55), 4.0, 3.0),
            Town("Shishi 石狮", LatLon(24.73, 118.65), 2.0, 2.0),
            Town("Nan'an 南安", LatLon(24.96, 118.39), 2.0, 3.0),
            Town("Hui'an 惠安", LatLon(25.03, 118.80), 1.5, 3.0),
            Town("Anxi 安溪", LatLon(25.06, 118.19), 1.2, 2.0),
            Town("Putian 莆田", LatLon(25.43, 119.01), 4.0, 4.0),
            Town("Xianyou 仙游", LatLon(25.36, 118.69), 1.0, 2.0),
            Town("Dehua 德化", LatLon(25.49, 118.24), 0.7, 1.5, slow=True),
        ),
    ),
    Area(
        "LY",
        "Longyan 龙岩",
        LatLon(25.08, 117.03),
        (
            Town("Longyan 龙岩", LatLon(25.08, 117.02), 3.5, 4.0),
            Town("Zhangping 漳平", LatLon(25.29, 117.42), 0.8, 1.5),
            Town("Shanghang 上杭", LatLon(25.05, 116.42), 0.9, 2.0),
            Town("Yongding 永定", LatLon(24.72, 116.73), 0.7, 1.5),
            Town("Liancheng 连城", LatLon(25.71, 116.75), 0.5, 1.5, slow=True),
            Town("Changting 长汀", LatLon(25.83, 116.36), 0.6, 1.5, slow=True),
        ),
    ),
    Area(
        "ND",
        "Ningde 宁德",
        LatLon(26.68, 119.53),
        (
            Town("Ningde 宁德", LatLon(26.66, 119.53), 3.5, 4.0),
            Town("Fu'an 福安", LatLon(27.09, 119.65), 1.4, 2.0),
            Town("Fuding 福鼎", LatLon(27.32, 120.22), 1.3, 2.0),
            Town("Xiapu 霞浦", LatLon(26.89, 120.00), 0.8, 2.0),
            Town("Gutian 古田", LatLon(26.58, 118.75), 0.6, 1.5, slow=True),
            Town("Shouning 寿宁", LatLon(27.46, 119.50), 0.4, 1.0, slow=True),
        ),
    ),
    Area(
        "NP",
        "Nanping 南平",
        LatLon(26.63, 118.16),
        (
            Town("Nanping 南平", LatLon(26.64, 118.18), 2.0, 3.0),
            Town("Sanming 三明", LatLon(26.26, 117.64), 2.2, 3.0),
            Town("Yong'an 永安", LatLon(25.94, 117.36), 0.8, 2.0),
            Town("Shaxian 沙县", LatLon(26.40, 117.79), 0.8, 2.0),
            Town("Jian'ou 建瓯", LatLon(27.02, 118.31), 0.8, 2.0),
            Town("Jianyang 建阳", LatLon(27.33, 118.12), 0.7, 2.0),
            Town("Shaowu 邵武", LatLon(27.34, 117.49), 0.5, 1.5, slow=True),
            Town("Youxi 尤溪", LatLon(26.17, 118.19), 0.4, 1.5, slow=True),
        ),
    ),
)


def area(code: str, /) -> Area:
    """The area with this code.

    >>> area("QZ").name
    'Quanzhou 泉州'
    """
    return next(area for area in AREAS if area.code == code)


def somewhere(rng: np.random.Generator, town: Town, *, spread: float = 1.0) -> LatLon:
    """A point in or around a town, to five decimals (about a metre); never farther than two deviations."""
    north_km, east_km = np.clip(rng.normal(size=2), -2, 2) * town.spread_km * spread
    lat = town.centre.lat + north_km / 111.2
    lon = town.centre.lon + east_km / (111.2 * np.cos(np.radians(town.centre.lat)))
    return LatLon(round(float(lat), 5), round(float(lon), 5))
