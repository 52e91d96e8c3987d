# A secret as deployments make it: value, rotation function and schedule.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "description" { default = "Log-in of the orders service" }
variable "value" { default = "{\"password\":\"first\"}" }
variable "function" { default = "" }
variable "schedule" { default = "cron(0 2 * * ? *)" }
variable "rotates" { default = true }

resource "aws_secretsmanager_secret" "orders" {
  name                    = "prod/orders"
  description             = var.description
  recovery_window_in_days = 7
  tags                    = { team = "orders" }
}

resource "aws_secretsmanager_secret_version" "orders" {
  secret_id     = aws_secretsmanager_secret.orders.id
  secret_string = var.value
}

resource "aws_secretsmanager_secret_rotation" "orders" {
  count               = var.rotates ? 1 : 0
  secret_id           = aws_secretsmanager_secret_version.orders.secret_id
  rotation_lambda_arn = var.function
  rotation_rules {
    schedule_expression = var.schedule
    duration            = "2h"
  }
}
