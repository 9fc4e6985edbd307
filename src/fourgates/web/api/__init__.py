"""What machines may ask and do (接口): documented as OpenAPI, entered with a token, with the rights of the token's owner."""
