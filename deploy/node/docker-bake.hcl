# docker buildx bake            the image that ships
# docker buildx bake all        it, the test image and the web page in ./assets
variable "IMAGE" {
  default = "pce-demo/shortener"
}

variable "VERSION" {
  default = "0.0.0"
}

variable "REVISION" {
  default = "unknown"
}

variable "CREATED" {
  default = timestamp()
}

group "default" {
  targets = ["prod"]
}

group "all" {
  targets = ["prod", "test-image", "artifacts"]
}

target "prod" {
  target = "prod"
  tags   = ["${IMAGE}:${VERSION}"]
  args = {
    VERSION  = VERSION
    REVISION = REVISION
    CREATED  = CREATED
  }
}

target "test-image" {
  target = "test-image"
  tags   = ["${IMAGE}-test:${VERSION}"]
}

target "artifacts" {
  target = "artifacts"
  output = ["type=local,dest=assets"]
}
