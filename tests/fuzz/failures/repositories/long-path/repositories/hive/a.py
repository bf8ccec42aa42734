import torch
import paddle